package io.mlflowgateway.langchain4j.internal;

/**
 * One event of a stream.
 *
 * @param type {@code message} unless the stream says otherwise
 * @param data its lines, joined by line feeds
 */
public record SseEvent(String type, String data) {
    boolean isDone() {
        return data.equals("[DONE]");
    }
}
