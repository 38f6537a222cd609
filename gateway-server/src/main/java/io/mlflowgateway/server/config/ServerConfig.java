package io.mlflowgateway.server.config;

/**
 * How the server runs. Fixed at start.
 *
 * @param host address to listen on
 * @param port 0 for any free one
 * @param workers event-loop threads, at least 1
 */
public record ServerConfig(String host, int port, int workers, Timeouts timeouts, Limits limits) {}
