package io.mlflowgateway.server.config;

import io.mlflowgateway.server.query.StreamCaps;
import java.util.Set;

/**
 * How the server runs. Fixed at start.
 *
 * @param host address to listen on
 * @param port 0 for any free one
 * @param workers event-loop threads, at least 1
 * @param allowedHosts names requests may be addressed to beside the loopback ones, without port
 * @param allowUnauthenticated whether to listen where other machines can reach it
 * @param timeouts of the edge
 * @param limits of the edge
 * @param upstream for routes that say nothing else
 * @param streams for routes that say nothing else
 */
public record ServerConfig(
        String host,
        int port,
        int workers,
        Set<String> allowedHosts,
        boolean allowUnauthenticated,
        Timeouts timeouts,
        Limits limits,
        UpstreamSettings upstream,
        StreamCaps streams,
        LogSettings log) {
    public ServerConfig {
        allowedHosts = Set.copyOf(allowedHosts);
    }
}
