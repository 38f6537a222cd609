package io.mlflowgateway.langchain4j.internal;

import static reactor.core.publisher.Sinks.EmitFailureHandler.FAIL_FAST;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Decides how a stream ends. Good ends are {@code [DONE]}, and, as MLflow never sends that, a clean end of the connection
 * after a finish reason. Every other end is a failure: an error among the events, a broken connection, silence.
 *
 * @param <T> what is handed out on the way
 */
final class ChunkReader<T> implements StreamReader<T> {

    /** How long a connection is kept after {@code [DONE]} for its own end, after which it can be used again. */
    private static final Duration LINGER = Duration.ofSeconds(1);

    /** How many events are understood before someone wants them. */
    private static final int EVENTS_AHEAD = 16;

    private final Function<ResponseHead, StreamChunks<T>> chunksOf;

    ChunkReader(Function<ResponseHead, StreamChunks<T>> chunksOf) {
        this.chunksOf = chunksOf;
    }

    @Override
    public Flux<T> read(ResponseHead head, Flux<SseEvent> events, Failures failures) {
        return Flux.defer(() -> new Reading(head, failures).of(events));
    }

    private final class Reading {

        private final ResponseHead head;
        private final Failures failures;
        private final StreamChunks<T> chunks;
        private final Sinks.Empty<Void> done = Sinks.empty();
        private volatile boolean over;

        Reading(ResponseHead head, Failures failures) {
            this.head = head;
            this.failures = failures;
            this.chunks = chunksOf.apply(head);
        }

        Flux<T> of(Flux<SseEvent> events) {
            return events.concatMapIterable(this::take, EVENTS_AHEAD)
                    .concatWith(Flux.defer(() -> Flux.fromIterable(atEnd())))
                    .onErrorResume(failure -> over, failure -> Flux.empty())
                    .takeUntilOther(done.asMono().then(Mono.delay(LINGER)));
        }

        private List<T> take(SseEvent event) {
            if (over) {
                return List.of();
            }
            if (event.isDone()) {
                return complete();
            }
            JsonNode chunk = Json.parse(event.data()).orElseThrow(() -> unreadable(event));
            if (event.type().equals("error") || ErrorBody.isError(chunk)) {
                throw failures.inBand(head, event);
            }
            return chunks.take(chunk);
        }

        private List<T> atEnd() {
            if (over) {
                return List.of();
            }
            if (!chunks.finished()) {
                throw failures.cutShort(head);
            }
            return complete();
        }

        private List<T> complete() {
            List<T> last = last();
            over = true;
            done.emitEmpty(FAIL_FAST);
            return last;
        }

        private List<T> last() {
            try {
                return chunks.complete();
            } catch (WithheldAnswer withheld) {
                throw failures.withheld(head, withheld);
            }
        }

        /** An error event may be plain text; half an event is the mark of a broken stream. */
        private RuntimeException unreadable(SseEvent event) {
            return event.type().equals("error") ? failures.inBand(head, event) : failures.garbled(head);
        }
    }
}
