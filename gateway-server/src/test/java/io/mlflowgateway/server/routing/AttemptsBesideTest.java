package io.mlflowgateway.server.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.query.Call;
import io.mlflowgateway.server.testing.Calls;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** How a second target is asked beside the first. */
class AttemptsBesideTest extends OneCall {
    private void hedging() {
        hedge = Optional.of(new Hedge(95, Duration.ZERO, RetryBudget.ofHedges(50, this::nanos), this::nanos));
        List<Candidate> real = List.copyOf(candidates);
        candidates.clear();
        target("quick", GOOD.delayElement(Duration.ofMillis(100), time));
        Attempts attempts = attempts(true, 0);
        for (int i = 0; i < UsualTime.ENOUGH; i++) {
            whole(attempts);
            time.advanceTimeBy(Duration.ofMillis(100));
        }
        candidates.clear();
        candidates.addAll(real);
    }

    @Test
    void a_target_that_is_slow_to_begin_is_overtaken_by_the_next_one() {
        ScriptedTarget slow = target("slow", Mono.never());
        ScriptedTarget next = target("next", GOOD);
        hedging();
        Call call = call(false);

        Outcome outcome = subscribed(attempts(true, 1).answer(call));
        time.advanceTimeBy(Duration.ofMillis(99));
        assertThat(next.asked()).isZero();
        time.advanceTimeBy(Duration.ofMillis(1));

        assertThat(outcome.elements).containsExactly(Calls.ANSWER);
        assertThat(slow.left()).isEqualTo(1);
        assertThat(call.notes().attempts()).isEqualTo(2);
        assertThat(call.notes().overtaken()).isEqualTo(1);
        assertThat(call.notes().target().orElseThrow().name()).isEqualTo("next");
    }

    @Test
    void the_first_of_two_that_run_beside_each_other_is_named_when_it_answers() {
        target("first", GOOD.delayElement(Duration.ofMillis(150), time));
        ScriptedTarget next = target("next", Mono.never());
        hedging();
        Call call = call(false);

        Outcome outcome = subscribed(attempts(true, 1).answer(call));
        time.advanceTimeBy(Duration.ofMillis(150));

        assertThat(outcome.elements).containsExactly(Calls.ANSWER);
        assertThat(next.left()).isEqualTo(1);
        assertThat(call.notes().target().orElseThrow().name()).isEqualTo("first");
    }

    @Test
    void without_fallback_the_same_target_is_asked_a_second_time() {
        ScriptedTarget first = target("first", Mono.never(), GOOD);
        ScriptedTarget next = target("next", GOOD);
        hedging();

        Outcome outcome = whole(attempts(false, 0));
        time.advanceTimeBy(Duration.ofMillis(100));

        assertThat(outcome.elements).containsExactly(Calls.ANSWER);
        assertThat(List.of(first.asked(), next.asked())).containsExactly(2, 0);
    }

    @Test
    void when_both_fail_the_next_target_is_asked() {
        target("first", refusing(500).delaySubscription(Duration.ofMillis(150), time));
        target("second", refusing(500));
        ScriptedTarget third = target("third", GOOD);
        hedging();

        Outcome outcome = whole(attempts(true, 0));
        time.advanceTimeBy(Duration.ofMillis(150));

        assertThat(outcome.elements).containsExactly(Calls.ANSWER);
        assertThat(third.asked()).isEqualTo(1);
    }

    @Test
    void a_caller_that_leaves_ends_both_attempts() {
        ScriptedTarget first = target("first", Mono.never());
        ScriptedTarget second = target("second", Mono.never());
        hedging();
        Outcome outcome = whole(attempts(true, 0));
        time.advanceTimeBy(Duration.ofMillis(100));
        assertThat(second.asked()).isEqualTo(1);

        outcome.running.dispose();

        assertThat(List.of(first.left(), second.left())).containsExactly(1, 1);
    }
}
