package io.mlflowgateway.server.config;

import java.time.Duration;

/**
 * How long the edge waits for callers. What is waited for upstream stands in {@link UpstreamSettings}.
 *
 * @param requestHead for a caller's whole request head
 * @param requestBody for a caller's whole request body
 * @param keepAlive for the next request on an idle connection
 * @param writeIdle for a caller to take anything of what is being sent to it
 * @param drainDelay at shutdown, from saying not ready until nothing new is accepted
 * @param drain for running exchanges at shutdown
 */
public record Timeouts(
        Duration requestHead,
        Duration requestBody,
        Duration keepAlive,
        Duration writeIdle,
        Duration drainDelay,
        Duration drain) {}
