package io.mlflowgateway.langchain4j.internal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * Gathers one stream's chunks.
 *
 * @param <T> what is handed out on the way
 */
interface StreamChunks<T> {
    /** What one chunk says. */
    List<T> take(JsonNode chunk);

    /** Whether the model said that it stopped, so that the end of the connection is a good end. */
    boolean finished();

    /** The last pieces of a good stream. */
    List<T> complete();
}
