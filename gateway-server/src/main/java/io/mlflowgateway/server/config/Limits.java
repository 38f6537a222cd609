package io.mlflowgateway.server.config;

/**
 * How much of anything is taken. Sizes are bytes.
 *
 * @param requestBody of a caller's body
 * @param responseBody of an upstream's whole answer, after decompression, and of one event of a stream
 * @param requestHead of a caller's request head
 * @param url of a caller's request line target
 * @param connections open from callers at once
 * @param upstreamConnections open to one upstream at once
 */
public record Limits(
        int requestBody, int responseBody, int requestHead, int url, int connections, int upstreamConnections) {}
