package io.mlflowgateway.langchain4j;

import java.util.Optional;

/**
 * How often a route may be called.
 *
 * @param calls in each period
 * @param renewalPeriod such as {@code minute}
 * @param key what calls are counted by; empty for the whole route
 */
public record RouteLimit(long calls, String renewalPeriod, Optional<String> key) {}
