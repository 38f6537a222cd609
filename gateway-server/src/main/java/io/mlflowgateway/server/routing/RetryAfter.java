package io.mlflowgateway.server.routing;

import io.mlflowgateway.server.query.Failure;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How long a provider asks to be left alone: its {@code Retry-After} in seconds, or as an HTTP date (RFC 9110 section
 * 10.2.3), which only the wall clock can tell the distance of.
 */
final class RetryAfter {
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}(?:\\.[0-9]{1,9})?");
    private static final Duration LONGEST = Duration.ofDays(1);

    private final Clock clock;

    RetryAfter(Clock clock) {
        this.clock = clock;
    }

    /** From now on, a day at most; zero for a date that has passed. Empty where the failure does not say. */
    Optional<Duration> of(Failure failure) {
        return failure.retryAfter().flatMap(this::read).map(RetryAfter::capped);
    }

    private Optional<Duration> read(String text) {
        if (SECONDS.matcher(text).matches()) {
            return Optional.of(Duration.ofMillis((long) Math.ceil(Double.parseDouble(text) * 1_000)));
        }
        try {
            Instant date = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text));
            Duration left = Duration.between(clock.instant(), date);
            return Optional.of(left.isNegative() ? Duration.ZERO : left);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Duration capped(Duration asked) {
        return asked.compareTo(LONGEST) < 0 ? asked : LONGEST;
    }
}
