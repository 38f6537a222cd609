package io.mlflowgateway.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SwapTallyTest {
    private final SwapTally tally = new SwapTally();

    @Test
    void every_call_is_counted_once_answered_or_failed() {
        tally.answered("old");
        tally.failed();
        tally.answered("new");

        HotReloadSwap.Outcome outcome = tally.outcome();

        assertThat(outcome.calls()).isEqualTo(3);
        assertThat(outcome.failed()).isEqualTo(1);
        assertThat(outcome.answersByModel()).isEqualTo(Map.of("old", 1, "new", 1));
    }

    @Test
    void going_back_to_the_old_model_shows_as_more_than_one_switch() {
        tally.answered("old");
        tally.saved();
        tally.answered("new");
        tally.answered("old");
        tally.answered("new");

        assertThat(tally.outcome().switches()).isEqualTo(3);
    }

    @Test
    void a_model_that_never_changes_was_switched_never() {
        tally.answered("old");
        tally.answered("old");

        assertThat(tally.outcome().switches()).isZero();
        assertThat(tally.outcome().untilServed()).isEqualTo(Duration.ZERO);
    }
}
