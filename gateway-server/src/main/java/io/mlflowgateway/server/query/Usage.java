package io.mlflowgateway.server.query;

/**
 * Tokens of one call as the provider counted them; zero where it said nothing.
 *
 * @param promptTokens tokens read
 * @param completionTokens tokens written
 */
public record Usage(long promptTokens, long completionTokens) {
    public static final Usage UNKNOWN = new Usage(0, 0);

    public long totalTokens() {
        return promptTokens + completionTokens;
    }
}
