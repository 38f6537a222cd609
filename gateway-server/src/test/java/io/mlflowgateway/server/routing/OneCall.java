package io.mlflowgateway.server.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.config.Routing;
import io.mlflowgateway.server.query.Body;
import io.mlflowgateway.server.query.Call;
import io.mlflowgateway.server.query.Deadline;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Piece;
import io.mlflowgateway.server.query.Query;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.testing.Calls;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** One call of a route whose targets answer as told. Time is virtual, but for the deadline of the call. */
abstract class OneCall {
    static final Mono<Reply> GOOD = Mono.just(Calls.ANSWER);
    static final Duration BACKOFF = Duration.ofMillis(200);
    static final Duration LONGEST = Duration.ofSeconds(5);

    final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    final Clock clock = Clock.fixed(Instant.parse("2026-01-31T12:00:00Z"), ZoneOffset.UTC);
    RetryBudget budget = RetryBudget.ofRetries(100, this::nanos);
    final List<Candidate> candidates = new ArrayList<>();
    Optional<Routing.Breaker> breaker = Optional.empty();
    Optional<Hedge> hedge = Optional.empty();
    Duration allowed = Duration.ofMinutes(10);

    long nanos() {
        return time.now(TimeUnit.NANOSECONDS);
    }

    @AfterEach
    void nothing_is_under_way_any_more() {
        assertThat(candidates).allMatch(candidate -> candidate.health().inFlight() == 0);
        time.dispose();
    }

    @SafeVarargs
    final ScriptedTarget target(String name, Mono<Reply>... answers) {
        ScriptedTarget target = new ScriptedTarget(name, List.of(answers));
        TargetHealth health = new TargetHealth(breaker, true, this::nanos, (before, now) -> {});
        candidates.add(new Candidate(name, 1, target, health, BigDecimal.ZERO));
        return target;
    }

    static Mono<Reply> refusing(int status) {
        return Mono.error(Failure.upstream(status, "refused with " + status));
    }

    static Mono<Reply> failing(Failure failure) {
        return Mono.error(failure);
    }

    static Mono<Reply> streaming(Flux<Piece> pieces) {
        return Mono.just(new Reply.Streamed(pieces));
    }

    static Flux<Piece> pieces(String... texts) {
        return Flux.fromArray(texts)
                .map(text -> new Piece(text.getBytes(StandardCharsets.UTF_8), Optional.empty(), false));
    }

    Attempts attempts(boolean fallback, int retries) {
        var rules = new Attempts.Rules(
                "chat",
                fallback,
                new Backoff(new Routing.Retries(retries, BACKOFF, LONGEST, 100), () -> 0),
                budget,
                hedge,
                new ExtraAttempts(),
                new RetryAfter(clock),
                time);
        return new Attempts(candidates, Balance.inOrder(candidates), rules);
    }

    Call call(boolean streams) {
        Body body = Calls.body("{\"messages\":[]}");
        Query query = new Query(Task.CHAT, body, streams, false, Query.TemperatureRange.ZERO_TO_TWO);
        Call plain = Calls.of(Calls.route("chat", Optional.empty()));
        return new Call("id", plain.principal(), plain.route(), query, Deadline.in(allowed), plain.notes());
    }

    /** What has come of a call by the time it is looked at. */
    static final class Outcome {
        final AtomicReference<Throwable> failure = new AtomicReference<>();
        final List<Object> elements = new ArrayList<>();
        boolean complete;
        Disposable running = () -> {};

        Failure failure() {
            assertThat(failure.get()).isInstanceOf(Failure.class);
            return (Failure) Objects.requireNonNull(failure.get());
        }

        boolean open() {
            return !complete && failure.get() == null;
        }
    }

    Outcome whole(Attempts attempts) {
        return subscribed(attempts.answer(call(false)));
    }

    Outcome streamed(Attempts attempts) {
        return subscribed(attempts.answer(call(true))
                .flatMapMany(reply -> ((Reply.Streamed) reply).pieces())
                .map(piece -> new String(piece.json(), StandardCharsets.UTF_8)));
    }

    static Outcome subscribed(org.reactivestreams.Publisher<?> answer) {
        Outcome outcome = new Outcome();
        outcome.running =
                Flux.from(answer).subscribe(outcome.elements::add, outcome.failure::set, () -> outcome.complete = true);
        return outcome;
    }
}
