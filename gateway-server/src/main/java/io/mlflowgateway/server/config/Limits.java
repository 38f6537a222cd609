package io.mlflowgateway.server.config;

/**
 * How much is taken from callers. Sizes are bytes. What is taken from upstreams stands in {@link UpstreamSettings}.
 *
 * @param requestBody of a caller's body
 * @param requestHead of a caller's request head
 * @param requestHeaders of one request
 * @param url of a caller's request line target
 * @param connections open from callers at once
 * @param connectionsPerAddress open from one address at once; 0 for no limit of its own
 */
public record Limits(
        int requestBody, int requestHead, int requestHeaders, int url, int connections, int connectionsPerAddress) {}
