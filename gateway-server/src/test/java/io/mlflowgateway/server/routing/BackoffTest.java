package io.mlflowgateway.server.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.config.Routing;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private static final Routing.Retries RETRIES =
            new Routing.Retries(10, Duration.ofMillis(200), Duration.ofSeconds(5), 20);

    @Test
    void each_wait_is_twice_the_one_before_up_to_the_longest() {
        Backoff unshortened = new Backoff(RETRIES, () -> 0);

        assertThat(IntStream.of(0, 1, 2, 3, 4, 5, 9, 1_000)
                        .mapToObj(unshortened::wait)
                        .map(Duration::toMillis))
                .containsExactly(200L, 400L, 800L, 1_600L, 3_200L, 5_000L, 5_000L, 5_000L);
    }

    @Test
    void chance_takes_up_to_a_half_of_it() {
        Backoff shortened = new Backoff(RETRIES, () -> 0.5);
        Backoff shortest = new Backoff(RETRIES, () -> 0.999_999);

        assertThat(shortened.wait(0)).isEqualTo(Duration.ofMillis(150));
        assertThat(shortest.wait(1)).isBetween(Duration.ofMillis(200), Duration.ofMillis(201));
    }

    @Test
    void the_longest_bounds_never_overflow() {
        Backoff slow = new Backoff(new Routing.Retries(10, Duration.ofMinutes(59), Duration.ofHours(1), 20), () -> 0);

        assertThat(slow.wait(10)).isEqualTo(Duration.ofHours(1));
        assertThat(slow.wait(63)).isEqualTo(Duration.ofHours(1));
    }
}
