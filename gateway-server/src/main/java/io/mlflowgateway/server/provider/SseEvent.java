package io.mlflowgateway.server.provider;

/**
 * One server-sent event of an upstream.
 *
 * @param name the {@code event:} field, empty when there was none
 * @param data the {@code data:} lines joined by line feeds, as UTF-8
 */
public record SseEvent(String name, byte[] data) {}
