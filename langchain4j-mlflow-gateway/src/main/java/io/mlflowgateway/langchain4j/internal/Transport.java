package io.mlflowgateway.langchain4j.internal;

import reactor.core.publisher.Mono;

/** Sends one request over the network. Implementations are safe for use by many threads. */
public interface Transport extends AutoCloseable {
    /**
     * Sends a request, once for each subscription, and completes with the head of its answer, whatever its status.
     * Cancelling ends the exchange and closes its connection. Whoever takes the answer must subscribe to its body before the
     * signal returns; a body nobody subscribed to by then is left, and its connection closed.
     *
     * @param request what to send
     * @return the answer; its body may still be on its way
     */
    Mono<TransportResponse> send(TransportRequest request);

    /** Lets go of connections, as far as they are this transport's own. */
    @Override
    void close();
}
