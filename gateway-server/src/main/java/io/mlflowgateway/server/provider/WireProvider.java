package io.mlflowgateway.server.provider;

import io.mlflowgateway.server.query.Deadline;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.MemoryCap;
import io.mlflowgateway.server.query.Piece;
import io.mlflowgateway.server.query.Query;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.query.Task;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A provider reached over HTTP. What differs between them are a few pure functions; sending is the same for all.
 */
public non-sealed interface WireProvider extends Provider {
    /** The upstream request. Throws a {@link Failure} for what the wire format cannot say. */
    UpstreamRequest encode(Query query, Attempt attempt);

    /** The encoded request as this attempt may send it: for those that sign the whole of it, since others have encoded theirs. */
    default UpstreamRequest authorized(UpstreamRequest request, Attempt attempt) {
        return request;
    }

    /** A 2xx answer as OpenAI-shaped reply. Throws a {@link Failure} (502) for a wrong shape. */
    Reply.Whole decode(Query query, Attempt attempt, UpstreamResponse.Whole response);

    /** A stream's events as OpenAI-shaped pieces. Fails unless the provider's own terminal sign was seen. */
    Flux<Piece> decodeStream(Query query, Attempt attempt, Flux<SseEvent> events);

    /** An answer of status 300 or more as the failure the caller sees. */
    Failure failure(Attempt attempt, UpstreamResponse.Whole response);

    /**
     * How many texts of an embeddings query go in one upstream call, at least 1. What a query has more is asked in further
     * calls, so {@link #encode} never sees more. No bound where this is not said.
     */
    default int mostTexts(Attempt attempt) {
        return Integer.MAX_VALUE;
    }

    @Override
    default Mono<Reply> ask(Query query, Attempt attempt, Sender sender, Deadline deadline) {
        if (query.task() != Task.EMBEDDINGS) {
            return Mono.defer(() -> ready(query, attempt, sender, deadline));
        }
        long added =
                attempt.forwarded().values().stream().mapToLong(String::length).sum();
        return Mono.defer(
                () -> SplitTexts.ask(query, mostTexts(attempt), added, some -> ready(some, attempt, sender, deadline)));
    }

    /** Encodes at once; shows its credential and sends on subscription, which may be much later. */
    private Mono<Reply> ready(Query query, Attempt attempt, Sender sender, Deadline deadline) {
        UpstreamRequest encoded = encode(query, attempt);
        UpstreamRequest whole = attempt.forwarded().isEmpty() ? encoded : forwarding(encoded, attempt);
        return Mono.defer(() -> sender.send(authorized(whole, attempt), deadline))
                .map(response -> MemoryCap.orRefuse(() -> read(query, attempt, response)));
    }

    /** The request with {@link Attempt#forwarded()} in its body. A provider that signs its bodies signs this one, too. */
    default UpstreamRequest forwarding(UpstreamRequest encoded, Attempt attempt) {
        return encoded.with(Forwarding.added(encoded.body(), attempt.forwarded()));
    }

    private Reply read(Query query, Attempt attempt, UpstreamResponse response) {
        if (response instanceof UpstreamResponse.Events stream) {
            return new Reply.Streamed(decodeStream(query, attempt, stream.events()));
        }
        UpstreamResponse.Whole whole = (UpstreamResponse.Whole) response;
        if (whole.status() >= 300) {
            Failure failure = failure(attempt, whole);
            throw RetryAfter.of(whole).map(failure::retryAfter).orElse(failure);
        }
        if (query.streams()) {
            throw Failure.of(
                    Failure.Kind.UPSTREAM_INVALID, "the provider answered a streaming request without an event stream");
        }
        return decode(query, attempt, whole);
    }
}
