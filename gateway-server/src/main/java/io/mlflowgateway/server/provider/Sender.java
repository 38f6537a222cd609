package io.mlflowgateway.server.provider;

import io.mlflowgateway.server.query.Deadline;
import reactor.core.publisher.Mono;

/** Sends to upstreams. Implemented by {@code upstream}; tests use a fake. */
@FunctionalInterface
public interface Sender {
    /**
     * Sends once, on subscription. Cancelling closes the upstream connection.
     *
     * <p>Fails with a {@code Failure} of kind {@code UPSTREAM_UNREACHABLE}, {@code UPSTREAM_INVALID} (a broken or
     * oversized answer) or {@code UPSTREAM_TIMEOUT}; never for a status, whatever it is.
     */
    Mono<UpstreamResponse> send(UpstreamRequest request, Deadline deadline);
}
