package io.mlflowgateway.server.provider;

import java.util.Optional;
import reactor.core.publisher.Flux;

/** What an upstream answered. */
public sealed interface UpstreamResponse {
    /** 100..599. Redirects arrive here as they are: they are never followed. */
    int status();

    /** The {@code Retry-After} header. */
    Optional<String> retryAfter();

    /**
     * An answer that has come in whole, within the size limit.
     *
     * @param contentType as sent, empty when absent
     */
    record Whole(int status, Optional<String> retryAfter, String contentType, byte[] body)
            implements UpstreamResponse {}

    /**
     * A 2xx event stream. The flux ends when the upstream ended cleanly, whether or not the stream was complete; a cut
     * connection, a stall or a broken limit is a {@code Failure}. Subscribed once; cancelling closes the connection.
     */
    record Events(int status, Optional<String> retryAfter, Flux<SseEvent> events) implements UpstreamResponse {}
}
