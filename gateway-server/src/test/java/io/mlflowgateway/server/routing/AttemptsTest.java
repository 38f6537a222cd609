package io.mlflowgateway.server.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.config.Routing;
import io.mlflowgateway.server.query.Call;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Failure.Kind;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.query.Usage;
import io.mlflowgateway.server.testing.Calls;
import io.mlflowgateway.server.testing.Eventually;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** How one call goes from target to target. */
class AttemptsTest extends OneCall {
    @ParameterizedTest
    @ValueSource(ints = {408, 429, 500, 502, 503, 504, 529})
    void a_retriable_refusal_is_asked_again_exactly_as_often_as_configured(int status) {
        ScriptedTarget only = target("only", refusing(status));

        Outcome outcome = whole(attempts(false, 2));
        time.advanceTimeBy(Duration.ofHours(1));

        assertThat(only.asked()).isEqualTo(3);
        assertThat(outcome.failure().status()).isEqualTo(status);
        assertThat(candidates.get(0).health().count(Trial.Outcome.FAILED)).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 413, 415, 422, 501})
    void what_would_be_refused_again_is_asked_once(int status) {
        ScriptedTarget only = target("only", refusing(status));

        Outcome outcome = whole(attempts(false, 2));
        time.advanceTimeBy(Duration.ofHours(1));

        assertThat(only.asked()).isEqualTo(1);
        assertThat(outcome.failure().status()).isEqualTo(status);
    }

    @Test
    void each_wait_is_longer_than_the_one_before() {
        ScriptedTarget only = target("only", refusing(503), refusing(503), GOOD);

        Outcome outcome = whole(attempts(false, 2));

        assertThat(only.asked()).isEqualTo(1);
        time.advanceTimeBy(BACKOFF.minusMillis(1));
        assertThat(only.asked()).isEqualTo(1);
        time.advanceTimeBy(Duration.ofMillis(1));
        assertThat(only.asked()).isEqualTo(2);
        time.advanceTimeBy(BACKOFF.multipliedBy(2).minusMillis(1));
        assertThat(only.asked()).isEqualTo(2);
        time.advanceTimeBy(Duration.ofMillis(1));
        assertThat(only.asked()).isEqualTo(3);
        assertThat(outcome.elements).containsExactly(Calls.ANSWER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"3", "Sat, 31 Jan 2026 12:00:03 GMT"})
    void a_target_that_names_a_time_is_not_asked_before_it(String retryAfter) {
        ScriptedTarget only =
                target("only", failing(Failure.upstream(429, "slow down").retryAfter(retryAfter)), GOOD);

        Outcome outcome = whole(attempts(false, 1));

        time.advanceTimeBy(Duration.ofMillis(2_999));
        assertThat(only.asked()).isEqualTo(1);
        time.advanceTimeBy(Duration.ofMillis(1));
        assertThat(only.asked()).isEqualTo(2);
        assertThat(outcome.elements).containsExactly(Calls.ANSWER);
    }

    @Test
    void a_target_that_names_too_long_a_time_is_not_waited_for() {
        Failure patience = Failure.upstream(429, "slow down").retryAfter("6");
        ScriptedTarget only = target("only", failing(patience), GOOD);

        Outcome outcome = whole(attempts(false, 2));

        assertThat(outcome.failure().retryAfter()).contains("6");
        assertThat(only.asked()).isEqualTo(1);
    }

    @Test
    void where_another_target_is_it_takes_over_from_one_that_names_too_long_a_time() {
        ScriptedTarget first =
                target("first", failing(Failure.upstream(429, "slow down").retryAfter("6")));
        ScriptedTarget second = target("second", GOOD);

        Outcome outcome = whole(attempts(true, 2));

        assertThat(outcome.elements).containsExactly(Calls.ANSWER);
        assertThat(first.asked()).isEqualTo(1);
        assertThat(second.asked()).isEqualTo(1);
    }

    @Test
    void a_wait_that_ends_after_the_deadline_is_not_begun() {
        allowed = Duration.ofMillis(150);
        ScriptedTarget only = target("only", refusing(503), GOOD);

        Outcome outcome = whole(attempts(false, 1));

        assertThat(outcome.failure().status()).isEqualTo(503);
        assertThat(only.asked()).isEqualTo(1);
    }

    @Test
    void no_target_is_asked_when_the_time_is_up() {
        allowed = Duration.ZERO;
        target("first", failing(Failure.of(Kind.UPSTREAM_TIMEOUT, "late")));
        ScriptedTarget second = target("second", GOOD);

        Outcome outcome = whole(attempts(true, 1));

        assertThat(outcome.failure().kind()).isEqualTo(Kind.UPSTREAM_TIMEOUT);
        assertThat(second.asked()).isZero();
    }

    @Test
    void retries_keep_to_their_share_of_the_calls() {
        budget = RetryBudget.ofRetries(10, this::nanos);
        ScriptedTarget only = target("only", refusing(503));
        Attempts attempts = attempts(false, 3);

        for (int i = 0; i < 1_000; i++) {
            whole(attempts);
        }
        time.advanceTimeBy(Duration.ofSeconds(20));

        assertThat(only.asked()).isBetween(1_050, 1_100);
    }

    @Test
    void first_the_same_target_again_then_the_next() {
        ScriptedTarget first = target("first", refusing(503));
        ScriptedTarget second = target("second", refusing(503));
        ScriptedTarget third = target("third", GOOD);

        Outcome outcome = whole(attempts(true, 2));
        time.advanceTimeBy(Duration.ofSeconds(20));

        assertThat(outcome.elements).containsExactly(Calls.ANSWER);
        assertThat(List.of(first.asked(), second.asked(), third.asked())).containsExactly(3, 1, 1);
    }

    @Test
    void when_all_fail_the_last_failure_is_told() {
        target("first", refusing(429));
        target("second", failing(Failure.upstream(503, "busy").retryAfter("9")));

        Outcome outcome = whole(attempts(true, 0));

        assertThat(outcome.failure().status()).isEqualTo(503);
        assertThat(outcome.failure().retryAfter()).contains("9");
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 402, 403, 404, 408, 429, 500, 503})
    void a_refusal_that_is_the_targets_own_goes_to_the_next_target(int status) {
        target("first", refusing(status));
        target("second", GOOD);

        assertThat(whole(attempts(true, 0)).elements).containsExactly(Calls.ANSWER);
        assertThat(whole(attempts(false, 0)).failure().status()).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 413, 415, 422, 501})
    void a_refusal_of_what_the_caller_asked_goes_to_the_caller(int status) {
        target("first", refusing(status));
        ScriptedTarget second = target("second", GOOD);

        assertThat(whole(attempts(true, 2)).failure().status()).isEqualTo(status);
        assertThat(second.asked()).isZero();
    }

    @Test
    void what_the_gateway_refuses_itself_and_bugs_go_to_the_caller() {
        target(
                "first",
                failing(Failure.of(Kind.UNAVAILABLE, "all connections are in use")
                        .retryAfter("1")),
                Mono.error(new IllegalStateException("a bug")));
        ScriptedTarget second = target("second", GOOD);
        Attempts attempts = attempts(true, 2);

        assertThat(whole(attempts).failure().kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(whole(attempts).failure)
                .hasValueSatisfying(thrown -> assertThat(thrown).hasMessage("a bug"));
        assertThat(second.asked()).isZero();
        assertThat(candidates.get(0).health().count(Trial.Outcome.FAILED)).isZero();
    }

    @Test
    void a_stream_that_fails_before_its_first_piece_is_begun_anew() {
        target("first", streaming(Flux.error(Failure.of(Kind.UPSTREAM_UNREACHABLE, "cut"))));
        target("second", streaming(pieces("one", "two")));

        Outcome outcome = streamed(attempts(true, 0));

        assertThat(outcome.elements).containsExactly("one", "two");
        assertThat(outcome.complete).isTrue();
    }

    @Test
    void a_stream_that_fails_after_its_first_piece_is_never_begun_anew() {
        Failure cut = Failure.of(Kind.UPSTREAM_UNREACHABLE, "cut");
        ScriptedTarget first = target("first", streaming(pieces("one").concatWith(Flux.error(cut))));
        ScriptedTarget second = target("second", streaming(pieces("two")));

        Outcome outcome = streamed(attempts(true, 2));
        time.advanceTimeBy(Duration.ofSeconds(20));

        assertThat(outcome.elements).containsExactly("one");
        assertThat(outcome.failure()).isSameAs(cut);
        assertThat(first.asked()).isEqualTo(1);
        assertThat(second.asked()).isZero();
    }

    @Test
    void a_stream_without_a_piece_is_an_answer() {
        ScriptedTarget first = target("first", streaming(Flux.empty()));

        assertThat(streamed(attempts(true, 1)).complete).isTrue();
        assertThat(first.asked()).isEqualTo(1);
    }

    @Test
    void nothing_is_asked_before_somebody_listens() {
        ScriptedTarget first = target("first", streaming(pieces("one")));
        Attempts attempts = attempts(true, 0);

        StepVerifier.create(attempts.answer(call(true)).map(Reply.class::isInstance))
                .expectNext(true)
                .verifyComplete();

        assertThat(first.asked()).isZero();
    }

    @Test
    void a_target_whose_circuit_is_open_is_passed_over_even_without_fallback() {
        breaker = Optional.of(new Routing.Breaker(1, Duration.ofSeconds(30), Duration.ofSeconds(30)));
        ScriptedTarget first = target("first", refusing(503));
        ScriptedTarget second = target("second", GOOD);
        Attempts attempts = attempts(false, 0);

        assertThat(whole(attempts).failure().status()).isEqualTo(503);
        assertThat(whole(attempts).elements).containsExactly(Calls.ANSWER);
        assertThat(List.of(first.asked(), second.asked())).containsExactly(1, 1);
    }

    @Test
    void where_all_circuits_are_open_the_caller_is_told_when_the_first_lets_through_again() {
        breaker = Optional.of(new Routing.Breaker(1, Duration.ofSeconds(30), Duration.ofSeconds(30)));
        ScriptedTarget first = target("first", refusing(503));
        ScriptedTarget second = target("second", refusing(500));
        Attempts attempts = attempts(true, 0);
        whole(attempts);
        time.advanceTimeBy(Duration.ofMillis(10_500));

        Failure nobody = whole(attempts).failure();

        assertThat(nobody.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(nobody.status()).isEqualTo(503);
        assertThat(nobody.retryAfter()).contains("20");
        assertThat(nobody).hasMessageContaining("'chat'");
        assertThat(List.of(first.asked(), second.asked())).containsExactly(1, 1);
    }

    @Test
    void a_caller_that_leaves_while_the_call_waits_ends_the_wait() {
        ScriptedTarget only = target("only", refusing(503), GOOD);
        Outcome outcome = whole(attempts(false, 1));

        outcome.running.dispose();
        time.advanceTimeBy(Duration.ofSeconds(20));

        assertThat(only.asked()).isEqualTo(1);
        assertThat(outcome.open()).isTrue();
    }

    @Test
    void a_caller_that_leaves_ends_the_attempt_and_says_nothing_of_the_target() {
        ScriptedTarget only = target("only", Mono.never());
        Outcome outcome = whole(attempts(false, 1));
        assertThat(candidates.get(0).health().inFlight()).isEqualTo(1);

        outcome.running.dispose();

        assertThat(only.left()).isEqualTo(1);
        assertThat(candidates.get(0).health().count(Trial.Outcome.LEFT)).isEqualTo(1);
    }

    @Test
    void a_whole_answer_is_not_cancelled_when_it_has_come() {
        ScriptedTarget only = target("only", GOOD);

        assertThat(whole(attempts(true, 0)).complete).isTrue();

        assertThat(only.left()).isZero();
    }

    @Test
    void a_target_is_not_blamed_for_the_time_that_was_gone_before_it_was_asked() {
        allowed = Duration.ofSeconds(1);
        Call call = call(false);
        Mono<Reply> late = failing(Failure.of(Kind.UPSTREAM_TIMEOUT, "not over in time"));
        target("first", Mono.defer(() -> onceLeft(call, Duration.ofMillis(300), refusing(503))));
        target("second", Mono.defer(() -> onceLeft(call, Duration.ZERO, late)));

        Outcome outcome = subscribed(attempts(true, 0).answer(call));

        assertThat(outcome.failure().kind()).isEqualTo(Kind.UPSTREAM_TIMEOUT);
        assertThat(candidates.get(0).health().count(Trial.Outcome.FAILED)).isEqualTo(1);
        assertThat(candidates.get(1).health().count(Trial.Outcome.LEFT)).isEqualTo(1);
    }

    @Test
    void a_target_that_had_most_of_the_calls_time_is_blamed_for_it() {
        allowed = Duration.ofMillis(200);
        Call call = call(false);
        Mono<Reply> late = failing(Failure.of(Kind.UPSTREAM_TIMEOUT, "not over in time"));
        target("only", Mono.defer(() -> onceLeft(call, Duration.ZERO, late)));

        subscribed(attempts(true, 0).answer(call));

        assertThat(candidates.get(0).health().count(Trial.Outcome.FAILED)).isEqualTo(1);
    }

    private static Mono<Reply> onceLeft(Call call, Duration atMost, Mono<Reply> answer) {
        Eventually.within(
                Duration.ofSeconds(30),
                "the time to pass",
                () -> call.deadline().left().compareTo(atMost) <= 0);
        return answer;
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"UNPROCESSABLE", "INVALID_REQUEST", "PRICE_UNKNOWN"})
    void a_target_that_cannot_be_asked_this_leaves_it_to_the_next(Kind kind) {
        ScriptedTarget first = target("first", failing(Failure.of(kind, "no words for it")));
        ScriptedTarget second = target("second", GOOD);

        Outcome outcome = whole(attempts(true, 2));

        assertThat(outcome.elements).containsExactly(Calls.ANSWER);
        assertThat(List.of(first.asked(), second.asked())).containsExactly(1, 1);
        assertThat(candidates.get(0).health().count(Trial.Outcome.FAILED)).isZero();
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"UNPROCESSABLE", "INVALID_REQUEST", "PRICE_UNKNOWN"})
    void what_an_upstream_said_is_the_answer_where_no_later_target_can_be_asked_this(Kind kind) {
        Failure overloaded = Failure.upstream(503, "overloaded").retryAfter("9");
        target("first", failing(overloaded));
        target("second", failing(Failure.of(kind, "no words for it")));
        ScriptedTarget third = target("third", failing(Failure.of(kind, "nor these")));
        Call call = call(false);

        Outcome outcome = subscribed(attempts(true, 0).answer(call));

        assertThat(outcome.failure()).isSameAs(overloaded);
        assertThat(third.asked()).isEqualTo(1);
        assertThat(call.notes().target().orElseThrow().name()).isEqualTo("first");
    }

    @Test
    void what_a_later_upstream_says_takes_the_place_of_what_was_before() {
        target("first", failing(Failure.of(Kind.UNPROCESSABLE, "no words for it")));
        target("second", refusing(500));
        target("third", refusing(503));

        assertThat(whole(attempts(true, 0)).failure().status()).isEqualTo(503);
    }

    @Test
    void where_no_target_can_be_asked_this_the_caller_is_told_so() {
        ScriptedTarget first = target("first", failing(Failure.of(Kind.UNPROCESSABLE, "no words for it")));
        ScriptedTarget second = target("second", failing(Failure.of(Kind.UNPROCESSABLE, "nor here")));

        assertThat(whole(attempts(true, 2)).failure().status()).isEqualTo(422);
        assertThat(List.of(first.asked(), second.asked())).containsExactly(1, 1);
    }

    @Test
    void without_fallback_what_the_first_target_cannot_be_asked_is_refused() {
        target("first", failing(Failure.of(Kind.UNPROCESSABLE, "no words for it")));
        ScriptedTarget second = target("second", GOOD);

        assertThat(whole(attempts(false, 2)).failure().status()).isEqualTo(422);
        assertThat(second.asked()).isZero();
    }

    @Test
    void notes_count_each_attempt_and_name_the_last_target() {
        target("first", refusing(503));
        target("second", GOOD);
        Call call = call(false);

        subscribed(attempts(true, 1).answer(call));
        time.advanceTimeBy(Duration.ofSeconds(20));

        assertThat(call.notes().attempts()).isEqualTo(3);
        assertThat(call.notes().target().orElseThrow().name()).isEqualTo("second");
        assertThat(call.notes().usage()).isEqualTo(Usage.UNKNOWN);
    }
}
