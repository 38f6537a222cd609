package io.mlflowgateway.server.query;

import java.time.Duration;

/**
 * When a call must be over, on the monotonic clock. Absolute, so that it shrinks over attempts by itself.
 *
 * @param nanos a {@link System#nanoTime()} value
 */
public record Deadline(long nanos) {

    /** A deadline this far from now. */
    public static Deadline in(Duration total) {
        return new Deadline(System.nanoTime() + total.toNanos());
    }

    /** The time left, never negative. */
    public Duration left() {
        return Duration.ofNanos(Math.max(0, nanos - System.nanoTime()));
    }
}
