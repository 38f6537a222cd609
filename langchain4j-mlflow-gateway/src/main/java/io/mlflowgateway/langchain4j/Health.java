package io.mlflowgateway.langchain4j;

/**
 * What {@code GET /health} answered.
 *
 * @param status as written by the server, {@code OK} when it is well
 */
public record Health(String status) {
    /** {@return whether the server says it is well} */
    public boolean ok() {
        return status.equalsIgnoreCase("OK");
    }
}
