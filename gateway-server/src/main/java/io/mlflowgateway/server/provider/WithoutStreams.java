package io.mlflowgateway.server.provider;

import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Piece;
import io.mlflowgateway.server.query.Query;
import reactor.core.publisher.Flux;

/** A provider whose wire has no streams: whoever asks for one is told so, with 501. */
interface WithoutStreams extends WireProvider {
    /** As {@link #encode}, of a query that does not stream. */
    UpstreamRequest encodeWhole(Query query, Attempt attempt);

    @Override
    default UpstreamRequest encode(Query query, Attempt attempt) {
        if (query.streams()) {
            throw notOffered();
        }
        return encodeWhole(query, attempt);
    }

    @Override
    default Flux<Piece> decodeStream(Query query, Attempt attempt, Flux<SseEvent> events) {
        return Flux.error(notOffered());
    }

    private Failure notOffered() {
        return Failure.of(
                Failure.Kind.NOT_IMPLEMENTED, "streaming is not implemented for " + spec().name() + " models");
    }
}
