package io.mlflowgateway.server.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.query.Failure;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryAfterTest {
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

    private final RetryAfter retryAfter = new RetryAfter(Clock.fixed(NOW, ZoneOffset.UTC));

    private static Failure saying(String value) {
        return Failure.upstream(429, "slow down").retryAfter(value);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0                             | PT0S",
                "7                             | PT7S",
                "0.25                          | PT0.25S",
                "1.0001                        | PT1.001S",
                "999999999                     | P1D",
                "Sat, 31 Jan 2026 12:01:30 GMT | PT1M30S",
                "Sat, 31 Jan 2026 11:59:00 GMT | PT0S",
                "Sun, 31 Jan 2027 12:00:00 GMT | P1D",
            })
    void it_is_read_as_seconds_or_as_a_date_and_bounded(String value, Duration expected) {
        assertThat(retryAfter.of(saying(value))).contains(expected);
    }

    @ParameterizedTest
    @CsvSource({"soon", "-1", "1e9", "'Sat, 31 Jan 2026'", "'Mon, 31 Feb 2026 12:00:00 GMT'"})
    void what_is_neither_says_nothing(String value) {
        assertThat(retryAfter.of(saying(value))).isEmpty();
    }

    @Test
    void a_failure_without_it_says_nothing() {
        assertThat(retryAfter.of(Failure.upstream(503, "no"))).isEmpty();
    }
}
