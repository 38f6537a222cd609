package io.mlflowgateway.server.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RetryBudgetTest {
    private final AtomicLong nanos = new AtomicLong(-7);

    @Test
    void of_a_thousand_failing_calls_a_fifth_is_tried_again() {
        RetryBudget budget = RetryBudget.ofRetries(20, nanos::get);

        long retries = IntStream.range(0, 1_000).filter(i -> retried(budget)).count();

        assertThat(retries).isEqualTo(200);
    }

    @Test
    void a_quiet_route_may_try_again_a_few_times_a_minute() {
        RetryBudget budget = RetryBudget.ofRetries(20, nanos::get);

        long retries = IntStream.range(0, 12).filter(i -> retried(budget)).count();

        assertThat(retries).isEqualTo(RetryBudget.ALWAYS);
        nanos.addAndGet(Duration.ofSeconds(61).toNanos());
        assertThat(retried(budget)).isTrue();
    }

    @Test
    void in_every_minute_the_share_holds() {
        RetryBudget budget = RetryBudget.ofRetries(10, nanos::get);
        int calls = 0;
        int retries = 0;

        for (int i = 0; i < 60_000; i++) {
            calls++;
            retries += retried(budget) ? 1 : 0;
            nanos.addAndGet(Duration.ofMillis(10).toNanos());
        }

        assertThat(retries).isBetween(calls * 9 / 100, calls * 10 / 100 + RetryBudget.ALWAYS);
    }

    @Test
    void a_budget_of_nothing_allows_nothing() {
        RetryBudget budget = RetryBudget.ofRetries(0, nanos::get);

        assertThat(retried(budget)).isFalse();
    }

    @Test
    void hedges_are_never_more_than_the_share() {
        RetryBudget budget = RetryBudget.ofHedges(5, nanos::get);

        long few = IntStream.range(0, 19).filter(i -> retried(budget)).count();
        long many = IntStream.range(19, 1_000).filter(i -> retried(budget)).count();

        assertThat(few).isZero();
        assertThat(many).isEqualTo(50);
    }

    @Test
    void a_long_silence_is_forgotten_at_once() {
        RetryBudget budget = RetryBudget.ofRetries(100, nanos::get);
        IntStream.range(0, 100).forEach(i -> budget.call());

        nanos.addAndGet(Duration.ofDays(400).toNanos());

        assertThat(IntStream.range(0, 100).filter(i -> budget.tryTake()).count())
                .isEqualTo(RetryBudget.ALWAYS);
    }

    private static boolean retried(RetryBudget budget) {
        budget.call();
        return budget.tryTake();
    }
}
