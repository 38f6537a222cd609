package io.mlflowgateway.server.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.config.Routing;
import io.mlflowgateway.server.query.Call;
import io.mlflowgateway.server.query.Deadline;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Query;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.reliability.Figures;
import io.mlflowgateway.server.reliability.Proves;
import io.mlflowgateway.server.reliability.Row;
import io.mlflowgateway.server.testing.Calls;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A target that refuses every call for ten minutes of virtual time, under 20 calls a second that take 200 ms each. */
class TenMinutesTest {
    private static final Duration OUTAGE = Duration.ofMinutes(10);
    private static final Duration BETWEEN = Duration.ofMillis(50);
    private static final Duration TAKES = Duration.ofMillis(200);
    private static final Duration COOLDOWN = Duration.ofSeconds(30);

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final Disposable.Composite running = Disposables.composite();
    private final List<Long> askedAt = new ArrayList<>();
    private int failed;
    private int answeredBySecond;
    private int answeredByFirst;
    private boolean out = true;

    private long nanos() {
        return time.now(TimeUnit.NANOSECONDS);
    }

    private Attempts attempts(Optional<Routing.Breaker> breaker, Failure refusal, int retries) {
        CallTarget first = call -> Mono.defer(() -> first(refusal));
        CallTarget second =
                call -> Mono.just(Calls.ANSWER).delayElement(TAKES, time).doOnNext(reply -> answeredBySecond++);
        List<Candidate> candidates = List.of(candidate("first", first, breaker), candidate("second", second, breaker));
        var rules = new Attempts.Rules(
                "chat",
                true,
                new Backoff(new Routing.Retries(retries, Duration.ofMillis(100), Duration.ofSeconds(2), 20), () -> 0),
                RetryBudget.ofRetries(20, this::nanos),
                Optional.empty(),
                new ExtraAttempts(),
                new RetryAfter(Clock.fixed(Instant.EPOCH, ZoneOffset.UTC)),
                time);
        return new Attempts(candidates, Balance.inOrder(candidates), rules);
    }

    private Candidate candidate(String name, CallTarget target, Optional<Routing.Breaker> breaker) {
        TargetHealth health = new TargetHealth(breaker, true, this::nanos, (before, now) -> {});
        return new Candidate(name, 1, target, health, BigDecimal.ZERO);
    }

    private Mono<Reply> first(Failure refusal) {
        askedAt.add(nanos());
        Mono<Reply> answer = out ? Mono.error(refusal) : Mono.just(Calls.ANSWER).doOnNext(reply -> answeredByFirst++);
        return Mono.delay(TAKES, time).then(answer);
    }

    private int run(Attempts attempts, Duration span) {
        int calls = (int) span.dividedBy(BETWEEN);
        for (int i = 0; i < calls; i++) {
            Query query = new Query(
                    Task.CHAT, Calls.body("{\"messages\":[]}"), false, false, Query.TemperatureRange.ZERO_TO_TWO);
            Call plain = Calls.of(Calls.route("chat", Optional.empty()));
            Call call = new Call(
                    "id", plain.principal(), plain.route(), query, Deadline.in(Duration.ofHours(1)), plain.notes());
            running.add(attempts.answer(call).subscribe(reply -> {}, thrown -> failed++));
            time.advanceTimeBy(BETWEEN);
        }
        time.advanceTimeBy(Duration.ofSeconds(10));
        return calls;
    }

    /** How often it was asked after it had once been taken away. */
    private long probes(Duration afterwards) {
        return askedAt.stream()
                .filter(nanos -> nanos - askedAt.get(0) > afterwards.toNanos())
                .count();
    }

    @Proves(Row.TARGET_REFUSES)
    @Test
    void target_refuses_for_ten_minutes_and_is_asked_once_per_cooldown() {
        Optional<Routing.Breaker> breaker = Optional.of(new Routing.Breaker(5, Duration.ofSeconds(30), COOLDOWN));
        Attempts attempts = attempts(breaker, Failure.upstream(429, "too many"), 0);

        int calls = run(attempts, OUTAGE);

        long probes = probes(Duration.ofSeconds(1));
        assertThat(failed).isZero();
        assertThat(answeredBySecond).isEqualTo(calls);
        assertThat(probes).isBetween(18L, OUTAGE.dividedBy(COOLDOWN));
        assertThat(askedAt.size() - probes).isLessThanOrEqualTo(5 + TAKES.dividedBy(BETWEEN));
        assertThat(gaps()).allMatch(gap -> gap >= COOLDOWN.toNanos());
        Figures.seen(
                Row.TARGET_REFUSES,
                "target_refuses_for_ten_minutes_and_is_asked_once_per_cooldown",
                calls + " calls in 10 minutes of virtual time: all " + answeredBySecond
                        + " answered by the second target; the first asked " + (askedAt.size() - probes)
                        + " times until it was taken away, then " + probes + " times, once per 30 s");
    }

    /** Between one probe and the next. */
    private List<Long> gaps() {
        List<Long> probes = askedAt.stream()
                .filter(nanos -> nanos - askedAt.get(0) > Duration.ofSeconds(1).toNanos())
                .toList();
        List<Long> gaps = new ArrayList<>();
        for (int i = 1; i < probes.size(); i++) {
            gaps.add(probes.get(i) - probes.get(i - 1));
        }
        return gaps;
    }

    @Proves(Row.TARGET_REFUSES)
    @Test
    void target_refuses_and_says_for_how_long_and_is_not_asked_before() {
        Attempts attempts =
                attempts(Optional.empty(), Failure.upstream(429, "too many").retryAfter("60"), 2);

        int calls = run(attempts, OUTAGE);

        assertThat(failed).isZero();
        assertThat(answeredBySecond).isEqualTo(calls);
        assertThat(probes(Duration.ofSeconds(1))).isBetween(8L, 10L);
        assertThat(gaps()).allMatch(gap -> gap >= Duration.ofMinutes(1).toNanos());
        Figures.seen(
                Row.TARGET_REFUSES,
                "target_refuses_and_says_for_how_long_and_is_not_asked_before",
                "429 with Retry-After: 60 and no breaker: " + calls + " calls, " + answeredBySecond
                        + " answered by the second target; the first asked " + askedAt.size() + " times");
    }

    @Proves(Row.TARGET_REFUSES)
    @Test
    void target_refuses_no_longer_and_has_its_calls_again_after_one_cooldown() {
        Optional<Routing.Breaker> breaker = Optional.of(new Routing.Breaker(5, Duration.ofSeconds(30), COOLDOWN));
        Attempts attempts = attempts(breaker, Failure.upstream(503, "busy"), 2);
        run(attempts, Duration.ofMinutes(1));

        out = false;
        answeredBySecond = 0;
        int calls = run(attempts, Duration.ofMinutes(2));

        long most = COOLDOWN.plus(TAKES).dividedBy(BETWEEN) + 1;
        assertThat(failed).isZero();
        assertThat(answeredByFirst + answeredBySecond).isEqualTo(calls);
        assertThat((long) answeredBySecond).isLessThanOrEqualTo(most);
        Figures.seen(
                Row.TARGET_REFUSES,
                "target_refuses_no_longer_and_has_its_calls_again_after_one_cooldown",
                "of " + calls + " calls after it was well again " + answeredByFirst + " went to it, " + answeredBySecond
                        + " before its next probe did not");
    }
}
