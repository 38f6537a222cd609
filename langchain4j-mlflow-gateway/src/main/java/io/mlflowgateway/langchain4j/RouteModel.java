package io.mlflowgateway.langchain4j;

/**
 * The model behind a route.
 *
 * @param name the provider's name of it; empty if the server does not say
 * @param provider such as {@code openai}; empty if the server does not say
 */
public record RouteModel(String name, String provider) {}
