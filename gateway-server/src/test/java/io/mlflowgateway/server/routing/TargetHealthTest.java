package io.mlflowgateway.server.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.mlflowgateway.server.config.Routing;
import io.mlflowgateway.server.query.Failure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TargetHealthTest {
    private static final Routing.Breaker BREAKER =
            new Routing.Breaker(3, Duration.ofSeconds(30), Duration.ofSeconds(20));
    private static final Failure REFUSED = Failure.of(Failure.Kind.UPSTREAM_UNREACHABLE, "refused the connection");

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5_000_000_000L);
    private final List<CircuitState.Phase> changes = new ArrayList<>();

    @Test
    void a_target_without_breaker_is_never_refused() {
        TargetHealth health = new TargetHealth(nanos::get);

        IntStream.range(0, 1_000).forEach(call -> trial(health).failed(REFUSED, Optional.of(Duration.ofMinutes(1))));

        assertThat(health.tryBegin()).isPresent();
        assertThat(health.state().phase()).isEqualTo(CircuitState.Phase.CLOSED);
        assertThat(health.count(Trial.Outcome.FAILED)).isEqualTo(1_000);
    }

    @Test
    void refused_connections_open_the_circuit_for_the_cool_down() {
        TargetHealth health = health(false);

        fail(health, 3, REFUSED);

        assertThat(health.tryBegin()).isEmpty();
        assertThat(health.untilNextTrial()).isEqualTo(BREAKER.cooldown());
        assertThat(health.state().reason()).isEqualTo("it failed: 502 upstream_unreachable");
        assertThat(changes).containsExactly(CircuitState.Phase.OPEN);
    }

    @Test
    void failures_further_apart_than_the_breaker_says_do_not_open_it() {
        TargetHealth health = health(false);

        for (int i = 0; i < 10; i++) {
            fail(health, 1, REFUSED);
            pass(BREAKER.within().dividedBy(2).plusNanos(1));
        }

        assertThat(health.tryBegin()).isPresent();
    }

    @Test
    void a_target_of_which_most_calls_go_well_is_not_taken_away() {
        TargetHealth health = health(false);

        for (int i = 0; i < 100; i++) {
            fail(health, 1, REFUSED);
            IntStream.range(0, 3).forEach(call -> trial(health).answered());
        }

        assertThat(health.tryBegin()).isPresent();
    }

    @Test
    void a_target_of_which_most_calls_fail_is_taken_away() {
        TargetHealth health = health(false);

        for (int i = 0; i < 3; i++) {
            trial(health).answered();
            fail(health, 1, REFUSED);
        }

        assertThat(health.tryBegin()).isEmpty();
    }

    @Test
    void what_the_gateway_refuses_itself_never_opens_it() {
        TargetHealth health = health(true);

        for (Failure.Kind kind : Failure.Kind.values()) {
            if (kind.source() == Failure.Source.GATEWAY) {
                fail(health, 10, Failure.of(kind, "own"));
            }
        }

        assertThat(health.tryBegin()).isPresent();
        assertThat(health.count(Trial.Outcome.FAILED)).isZero();
    }

    @Test
    void what_a_caller_asks_wrongly_never_opens_it() {
        TargetHealth health = health(true);

        for (int status : List.of(400, 413, 415, 422, 501)) {
            fail(health, 10, Failure.upstream(status, "no"));
        }

        assertThat(health.tryBegin()).isPresent();
        assertThat(health.count(Trial.Outcome.REFUSED)).isEqualTo(50);
    }

    @Test
    void after_the_cool_down_one_of_many_simultaneous_calls_tries_again() throws InterruptedException {
        int calls = 8;
        CountDownLatch allLooked = new CountDownLatch(calls);
        Set<Thread> looked = ConcurrentHashMap.newKeySet();
        AtomicBoolean together = new AtomicBoolean();
        // Who looks at the clock has seen that the circuit is open; nobody goes on before all have.
        TargetHealth health = new TargetHealth(
                Optional.of(BREAKER),
                false,
                () -> together.get() && looked.add(Thread.currentThread()) ? awaitAll(allLooked) : nanos.get(),
                this::note);
        fail(health, 3, REFUSED);
        pass(BREAKER.cooldown());
        AtomicInteger let = new AtomicInteger();
        List<Thread> callers = IntStream.range(0, calls)
                .mapToObj(i -> new Thread(() -> health.tryBegin().ifPresent(trial -> let.incrementAndGet())))
                .toList();

        together.set(true);
        callers.forEach(Thread::start);
        for (Thread caller : callers) {
            caller.join();
        }

        assertThat(let).hasValue(1);
        assertThat(health.state().phase()).isEqualTo(CircuitState.Phase.HALF_OPEN);
    }

    private long awaitAll(CountDownLatch latch) {
        latch.countDown();
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return nanos.get();
    }

    @Test
    void a_probe_that_is_answered_closes_the_circuit() {
        TargetHealth health = health(false);
        fail(health, 3, REFUSED);
        pass(BREAKER.cooldown());

        trial(health).answered();

        assertThat(health.tryBegin()).isPresent();
        assertThat(changes)
                .containsExactly(CircuitState.Phase.OPEN, CircuitState.Phase.HALF_OPEN, CircuitState.Phase.CLOSED);
    }

    @Test
    void a_probe_that_fails_opens_it_for_another_cool_down() {
        TargetHealth health = health(false);
        fail(health, 3, REFUSED);
        pass(BREAKER.cooldown());

        fail(health, 1, REFUSED);

        assertThat(health.tryBegin()).isEmpty();
        assertThat(health.untilNextTrial()).isEqualTo(BREAKER.cooldown());
    }

    @Test
    void a_probe_whose_caller_leaves_makes_room_for_the_next() {
        TargetHealth health = health(false);
        fail(health, 3, REFUSED);
        pass(BREAKER.cooldown());

        trial(health).left();

        assertThat(health.tryBegin()).isPresent();
        assertThat(health.tryBegin()).isEmpty();
    }

    @Test
    void a_probe_that_never_ends_keeps_others_away_for_one_cool_down() {
        TargetHealth health = health(false);
        fail(health, 3, REFUSED);
        pass(BREAKER.cooldown());
        Trial stuck = trial(health);

        pass(BREAKER.cooldown());
        Trial second = trial(health);
        stuck.failed(REFUSED, Optional.empty());

        assertThat(health.state().phase()).isEqualTo(CircuitState.Phase.HALF_OPEN);
        second.answered();
        assertThat(health.state().phase()).isEqualTo(CircuitState.Phase.CLOSED);
    }

    @Test
    void what_began_before_it_opened_neither_closes_nor_prolongs_it() {
        TargetHealth health = health(true);
        Trial good = trial(health);
        Trial bad = trial(health);
        fail(health, 3, REFUSED);

        good.answered();
        pass(Duration.ofSeconds(5));
        bad.failed(REFUSED, Optional.of(Duration.ofMinutes(1)));

        assertThat(health.untilNextTrial()).isEqualTo(BREAKER.cooldown().minusSeconds(5));
    }

    @Test
    void a_target_that_asks_to_be_left_alone_is_where_there_is_another() {
        TargetHealth health = new TargetHealth(Optional.empty(), true, nanos::get, this::note);

        trial(health).failed(Failure.upstream(429, "slow down"), Optional.of(Duration.ofSeconds(7)));

        assertThat(health.tryBegin()).isEmpty();
        assertThat(health.untilNextTrial()).isEqualTo(Duration.ofSeconds(7));
        assertThat(health.state().reason()).isEqualTo("it asked to be left alone: 429 upstream_refused");
        pass(Duration.ofSeconds(7));
        assertThat(health.tryBegin()).isPresent();
        assertThat(health.tryBegin()).isEmpty();
    }

    @Test
    void a_target_that_had_the_time_it_asked_for_is_shown_closed_before_it_is_asked_again() {
        TargetHealth health = health(true);
        trial(health).failed(Failure.upstream(429, "slow down"), Optional.of(Duration.ofSeconds(7)));

        pass(Duration.ofSeconds(9));

        assertThat(health.state())
                .isEqualTo(new CircuitState(CircuitState.Phase.CLOSED, Duration.ofSeconds(2), Duration.ZERO, ""));
        assertThat(changes).containsExactly(CircuitState.Phase.OPEN);
    }

    @Test
    void a_target_that_failed_too_often_is_shown_open_until_it_is_asked_again() {
        TargetHealth health = health(true);
        fail(health, 3, REFUSED);

        pass(BREAKER.cooldown().plusSeconds(60));

        assertThat(health.state().phase()).isEqualTo(CircuitState.Phase.OPEN);
        assertThat(health.untilNextTrial()).isZero();
    }

    @Test
    void nobody_is_left_alone_for_longer_than_five_minutes() {
        TargetHealth health = health(true);

        trial(health).failed(Failure.upstream(429, "tomorrow"), Optional.of(Duration.ofDays(1)));

        assertThat(health.untilNextTrial()).isEqualTo(Circuit.LONGEST_COOL_DOWN);
    }

    @Test
    void streams_that_break_off_again_and_again_open_it() {
        TargetHealth health = health(false);

        for (int i = 0; i < 3; i++) {
            Trial trial = trial(health);
            trial.answered();
            trial.failed(REFUSED, Optional.empty());
        }

        assertThat(health.tryBegin()).isEmpty();
        assertThat(health.inFlight()).isZero();
    }

    @Test
    void an_attempt_is_under_way_until_it_ends_whatever_is_said_again() {
        TargetHealth health = health(false);
        Trial stream = trial(health);
        Trial other = trial(health);

        stream.answered();
        other.left();
        other.failed(REFUSED, Optional.empty());
        other.ended();

        assertThat(health.inFlight()).isEqualTo(1);
        stream.ended();
        stream.ended();
        assertThat(health.inFlight()).isZero();
        assertThat(health.count(Trial.Outcome.ANSWERED)).isEqualTo(1);
        assertThat(health.count(Trial.Outcome.LEFT)).isEqualTo(1);
        assertThat(health.count(Trial.Outcome.FAILED)).isZero();
    }

    @Test
    void the_last_failure_is_known_also_where_nothing_opens_and_the_next_call_goes_well() {
        TargetHealth health = new TargetHealth(nanos::get);
        fail(health, 1, REFUSED);
        fail(health, 1, Failure.upstream(401, "no such key"));
        fail(health, 1, Failure.upstream(400, "the caller's fault"));
        trial(health).answered();

        pass(Duration.ofSeconds(3));

        assertThat(health.lastFailure())
                .contains(new TargetStatus.LastFailure("401 upstream_refused", Duration.ofSeconds(3)));
    }

    @Test
    void latency_jumps_to_a_peak_and_comes_down_slowly() {
        TargetHealth health = health(false);

        answer(health, Duration.ofMillis(100));
        answer(health, Duration.ofMillis(900));
        answer(health, Duration.ofMillis(100));

        assertThat(health.latencyNanos()).isCloseTo(9e8, within(1e8));
        pass(Latency.MEMORY.multipliedBy(5));
        assertThat(health.latencyNanos()).isLessThan(1e7);
    }

    @Test
    void a_target_that_fails_fast_is_not_taken_for_a_fast_one() {
        TargetHealth health = health(false);

        fail(health, 1, REFUSED);

        assertThat(health.latencyNanos()).isGreaterThanOrEqualTo(1e9);
    }

    private TargetHealth health(boolean coolsDown) {
        return new TargetHealth(Optional.of(BREAKER), coolsDown, nanos::get, this::note);
    }

    private void note(CircuitState.Phase before, CircuitState now) {
        changes.add(now.phase());
    }

    private static Trial trial(TargetHealth health) {
        return health.tryBegin().orElseThrow();
    }

    private static void fail(TargetHealth health, int times, Failure failure) {
        IntStream.range(0, times).forEach(call -> trial(health).failed(failure, Optional.empty()));
    }

    private void answer(TargetHealth health, Duration after) {
        Trial trial = trial(health);
        pass(after);
        trial.answered();
        trial.ended();
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
