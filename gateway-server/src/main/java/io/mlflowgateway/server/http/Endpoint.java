package io.mlflowgateway.server.http;

import reactor.core.publisher.Mono;

/** One path and method that is served. */
@FunctionalInterface
public interface Endpoint {
    /**
     * Answers a request whose body has come in whole. Cancelled when the caller leaves.
     *
     * @param body at most the configured limit; empty when there was none. Handed over
     */
    Mono<Answer> answer(Head head, byte[] body);

    /**
     * Whether the answer depends on the body. Where the head alone says that the request is refused it does not: then it
     * is answered at once, with an empty body, and what comes of the body is read away.
     */
    default boolean needsBody(Head head) {
        return true;
    }
}
