package io.mlflowgateway.server.provider;

/**
 * One event of an upstream's stream: a server-sent one, or what stands for it in another {@link Framing}.
 *
 * @param name the {@code event:} field, empty when there was none
 * @param data the {@code data:} lines joined by line feeds, as UTF-8
 */
public record SseEvent(String name, byte[] data) {}
