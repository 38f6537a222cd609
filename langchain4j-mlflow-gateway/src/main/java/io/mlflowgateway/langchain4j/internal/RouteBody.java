package io.mlflowgateway.langchain4j.internal;

/** The body of a call, once it is known which generation of the API is spoken. */
@FunctionalInterface
public interface RouteBody {
    /**
     * Writes the body.
     *
     * @param shape what the server speaks
     * @return UTF-8 JSON
     */
    byte[] bytes(WireShape shape);
}
