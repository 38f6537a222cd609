package io.mlflowgateway.server.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Notes;
import io.mlflowgateway.server.testing.Calls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

class HedgeTest {
    private static final Duration USUAL = Duration.ofMillis(100);
    private static final Duration AT_LEAST = Duration.ofMillis(10);
    private static final Failure BROKEN = Failure.of(Failure.Kind.UPSTREAM_UNREACHABLE, "broken");

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final Notes notes = Calls.notes();
    private final List<String> cancelled = new ArrayList<>();
    private int asked;

    @Test
    void until_enough_is_known_nobody_is_asked_twice() {
        Hedge hedge = hedge(100);
        IntStream.range(1, UsualTime.ENOUGH).forEach(call -> learn(hedge));

        var answer = StepVerifier.create(race(hedge, after("first", Duration.ofHours(1)), Flux.just("second")));

        answer.then(() -> pass(Duration.ofHours(1))).expectNext("first").verifyComplete();
        assertThat(asked).isZero();
    }

    @Test
    void a_usual_answer_is_waited_for_and_nobody_else_is_asked() {
        Hedge hedge = taught(100);

        var answer = StepVerifier.create(race(hedge, after("first", USUAL.minusMillis(1)), Flux.just("second")));

        answer.then(() -> pass(USUAL)).expectNext("first").verifyComplete();
        assertThat(asked).isZero();
        assertThat(notes.overtaken()).isZero();
    }

    @Test
    void a_slow_one_is_overtaken_by_the_second_and_cancelled() {
        Hedge hedge = taught(100);

        var answer = StepVerifier.create(race(
                hedge,
                after("first", Duration.ofSeconds(9)),
                after("second", Duration.ofMillis(30)).concatWithValues("and more")));

        answer.then(() -> pass(USUAL.plusMillis(30)))
                .expectNext("second", "and more")
                .verifyComplete();
        assertThat(cancelled).containsExactly("first");
        assertThat(notes.overtaken()).isEqualTo(1);
    }

    @Test
    void the_first_one_may_still_win_and_then_the_second_is_cancelled() {
        Hedge hedge = taught(100);

        var answer = StepVerifier.create(
                race(hedge, after("first", USUAL.plusMillis(20)), after("second", Duration.ofMillis(30))));

        answer.then(() -> pass(USUAL.plusMillis(20))).expectNext("first").verifyComplete();
        assertThat(cancelled).containsExactly("second");
        assertThat(notes.overtaken()).isEqualTo(1);
    }

    @Test
    void a_failure_before_the_second_began_is_the_callers_at_once() {
        Hedge hedge = taught(100);

        StepVerifier.create(race(hedge, Flux.error(BROKEN), Flux.just("second")))
                .verifyErrorMatches(BROKEN::equals);

        pass(Duration.ofHours(1));
        assertThat(asked).isZero();
    }

    @Test
    void when_one_fails_later_the_other_goes_on() {
        Hedge hedge = taught(100);
        Flux<String> failing =
                after("", USUAL.plusMillis(5)).then(Mono.<String>error(BROKEN)).flux();

        var answer = StepVerifier.create(race(hedge, failing, after("second", Duration.ofMillis(30))));

        answer.then(() -> pass(USUAL.plusMillis(30))).expectNext("second").verifyComplete();
        assertThat(notes.overtaken()).isZero();
    }

    @Test
    void one_that_fails_for_being_cancelled_is_overtaken_all_the_same() {
        Hedge hedge = taught(100);
        Flux<String> loud = Flux.from(subscriber -> subscriber.onSubscribe(new Subscription() {
            @Override
            public void request(long elements) {}

            @Override
            public void cancel() {
                subscriber.onError(BROKEN);
            }
        }));

        var answer = StepVerifier.create(race(hedge, loud, Flux.just("second")));

        answer.then(() -> pass(USUAL)).expectNext("second").verifyComplete();
        assertThat(notes.overtaken()).isEqualTo(1);
    }

    @Test
    void when_both_fail_the_last_failure_counts() {
        Hedge hedge = taught(100);
        Failure last = Failure.upstream(503, "busy");
        Flux<String> first =
                after("", USUAL.plusMillis(40)).then(Mono.<String>error(last)).flux();

        var answer = StepVerifier.create(race(hedge, first, Flux.error(BROKEN)));

        answer.then(() -> pass(USUAL.plusMillis(40))).verifyErrorMatches(last::equals);
    }

    @Test
    void a_failure_after_the_first_piece_ends_the_answer() {
        Hedge hedge = taught(100);

        var answer = StepVerifier.create(
                race(hedge, Flux.just("first").concatWith(Flux.error(BROKEN)), Flux.just("second")));

        answer.expectNext("first").verifyErrorMatches(BROKEN::equals);
        assertThat(asked).isZero();
    }

    @Test
    void an_answer_without_a_piece_is_an_answer() {
        Hedge hedge = taught(100);

        StepVerifier.create(race(hedge, Flux.empty(), Flux.just("second"))).verifyComplete();

        assertThat(asked).isZero();
    }

    @Test
    void where_nobody_else_can_be_asked_the_first_is_waited_for() {
        Hedge hedge = taught(100);

        var answer = StepVerifier.create(
                hedge.race(true, after("first", Duration.ofSeconds(9)), Optional::empty, notes, time));

        answer.then(() -> pass(Duration.ofSeconds(9))).expectNext("first").verifyComplete();
    }

    @Test
    void of_a_thousand_calls_no_more_than_the_budget_are_asked_twice() {
        Hedge hedge = taught(5);
        int calls = 1_000;

        for (int call = 0; call < calls; call++) {
            Duration takes = call % 16 == 0 ? Duration.ofSeconds(1) : USUAL;
            StepVerifier.create(race(hedge, after("first", takes), after("second", Duration.ofMillis(1))))
                    .then(() -> pass(takes))
                    .expectNextCount(1)
                    .verifyComplete();
        }

        assertThat(asked).isBetween(calls * 3 / 100, calls * 5 / 100);
    }

    @Test
    void when_the_caller_leaves_both_are_cancelled() {
        Hedge hedge = taught(100);

        StepVerifier.create(race(hedge, after("first", Duration.ofSeconds(9)), after("second", Duration.ofSeconds(9))))
                .then(() -> pass(USUAL.plusMillis(1)))
                .thenCancel()
                .verify();

        assertThat(cancelled).containsExactlyInAnyOrder("first", "second");
        assertThat(notes.overtaken()).isZero();
    }

    @Test
    void it_waits_as_long_as_is_said_at_least() {
        Hedge hedge = new Hedge(95, Duration.ofSeconds(1), RetryBudget.ofHedges(100, this::nanos), this::nanos);
        IntStream.range(0, UsualTime.ENOUGH).forEach(call -> learn(hedge));

        var answer = StepVerifier.create(race(hedge, after("first", Duration.ofMillis(900)), Flux.just("second")));

        answer.then(() -> pass(Duration.ofMillis(900))).expectNext("first").verifyComplete();
    }

    @Test
    void the_usual_time_is_the_percentile_of_the_last_ones() {
        UsualTime times = new UsualTime(95);

        IntStream.rangeClosed(1, 100).forEach(times::took);
        IntStream.rangeClosed(1, 4).forEach(again -> times.took(1_000));

        assertThat(times.usual()).contains(Duration.ofNanos(99));
    }

    private Hedge hedge(int percent) {
        return new Hedge(95, AT_LEAST, RetryBudget.ofHedges(percent, this::nanos), this::nanos);
    }

    private Hedge taught(int percent) {
        Hedge hedge = hedge(percent);
        IntStream.range(0, UsualTime.ENOUGH).forEach(call -> learn(hedge));
        return hedge;
    }

    private void learn(Hedge hedge) {
        StepVerifier.create(race(hedge, after("x", USUAL), Flux.empty()))
                .then(() -> pass(USUAL))
                .expectNextCount(1)
                .verifyComplete();
    }

    private Flux<String> race(Hedge hedge, Flux<String> first, Flux<String> second) {
        hedge.call();
        return hedge.race(
                true,
                first,
                () -> {
                    asked++;
                    return Optional.of(second);
                },
                notes,
                time);
    }

    private Flux<String> after(String element, Duration wait) {
        return Mono.delay(wait, time)
                .map(passed -> element)
                .doOnCancel(() -> cancelled.add(element))
                .flux();
    }

    private void pass(Duration wait) {
        time.advanceTimeBy(wait);
    }

    private long nanos() {
        return time.now(TimeUnit.NANOSECONDS);
    }
}
