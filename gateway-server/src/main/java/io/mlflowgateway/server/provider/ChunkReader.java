package io.mlflowgateway.server.provider;

import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Piece;
import java.util.List;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Turns the events of one stream into chunks. Keeps what it has seen; not for several threads at once. */
interface ChunkReader {
    /** The chunks an event becomes, none for one that says nothing. Throws a {@link Failure} for a broken stream. */
    List<Piece> read(SseEvent event);

    /** Whether the provider's own sign of the end was seen: what comes after it is not looked at. */
    boolean isOver();

    /** The last chunks. Throws {@link #cut()} when the stream was not complete. */
    List<Piece> end();

    /** A stream that ended before its own sign of the end. */
    static Failure cut() {
        return Failure.of(
                Failure.Kind.UPSTREAM_UNREACHABLE, "the provider's stream ended early, before it was complete");
    }

    /** An event that is not what the wire format says. */
    static Failure invalid(String what) {
        return Failure.of(Failure.Kind.UPSTREAM_INVALID, "the provider's stream holds " + what);
    }

    /** The pieces of a stream, read by a reader of its own for each subscriber. */
    static Flux<Piece> pieces(Flux<SseEvent> events, Supplier<ChunkReader> readers) {
        return Flux.defer(() -> pieces(events, readers.get()));
    }

    private static Flux<Piece> pieces(Flux<SseEvent> events, ChunkReader reader) {
        // One event at a time: what the caller does not take must not be read ahead.
        return events.map(reader::read)
                .takeUntil(pieces -> reader.isOver())
                .concatWith(Mono.fromSupplier(reader::end))
                .concatMapIterable(pieces -> pieces, 1);
    }
}
