package io.mlflowgateway.server.config;

/**
 * What is logged, and how.
 *
 * @param json one JSON object a line; otherwise lines for people
 * @param level {@code error}, {@code warn}, {@code info} or {@code debug}
 * @param access whether each request is logged
 */
public record LogSettings(boolean json, String level, boolean access) {}
