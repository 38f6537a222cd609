package io.mlflowgateway.langchain4j.internal;

import reactor.core.publisher.Flux;

/**
 * Makes sense of an event stream.
 *
 * @param <T> what it says, piece by piece
 */
interface StreamReader<T> {
    /**
     * Reads one stream. The pieces end well only when the answer was complete.
     *
     * @param head of the answer
     * @param events as they come
     * @param failures to complain with
     * @return what they say
     */
    Flux<T> read(ResponseHead head, Flux<SseEvent> events, Failures failures);
}
