package io.mlflowgateway.server.upstream;

import io.mlflowgateway.server.provider.Framing;
import io.mlflowgateway.server.provider.SseEvent;
import io.mlflowgateway.server.query.Failure;
import java.util.function.Consumer;

/** Cuts the bytes of one stream into its events, whatever way the bytes are split. Not thread-safe. */
sealed interface EventReader permits SseParser, LineParser, EventStreamParser {
    /** @param limitBytes the most one event may take, with all that is around it */
    static EventReader of(Framing framing, int limitBytes) {
        return switch (framing) {
            case SSE -> new SseParser(limitBytes);
            case NDJSON -> new LineParser(limitBytes);
            case AWS_EVENT_STREAM -> new EventStreamParser(limitBytes);
        };
    }

    /**
     * Takes the next bytes. Every event they complete is handed over before a failure is thrown; after one, nothing more
     * may be fed.
     *
     * @throws Failure {@code UPSTREAM_INVALID} when an event is larger than the limit, or is none
     */
    void feed(byte[] chunk, Consumer<SseEvent> out);

    /**
     * The stream ended.
     *
     * @throws Failure {@code UPSTREAM_INVALID} when that was inside an event, and the framing can tell
     */
    void end(Consumer<SseEvent> out);

    /** The room it has for events that are not complete yet. */
    int heldBytes();

    static Failure tooLarge(int limitBytes) {
        return Failure.of(
                Failure.Kind.UPSTREAM_INVALID,
                "the provider sent an event of more than " + limitBytes + " bytes in its stream");
    }
}
