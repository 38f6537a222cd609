package io.mlflowgateway.server.routing;

import io.mlflowgateway.server.config.Routing;
import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * How long a call waits before it asks a target again: doubled each time up to a bound, and shortened at random by up to a
 * half, so that calls that failed together do not come back together. Thread-safe.
 */
final class Backoff {
    /** An hour that is doubled so often still fits a long of nanoseconds; nobody asks again as often. */
    private static final int MOST_DOUBLINGS = 20;

    private final Routing.Retries retries;
    private final DoubleSupplier random;

    /** @param random from 0 to below 1, from any thread */
    Backoff(Routing.Retries retries, DoubleSupplier random) {
        this.retries = retries;
        this.random = random;
    }

    /** How often one call may ask again. */
    int attempts() {
        return retries.attempts();
    }

    /** The longest that is waited, also where a target asks for more. */
    Duration longest() {
        return retries.maxBackoff();
    }

    /** @param again how many waits came before this one */
    Duration wait(int again) {
        long doubled = retries.backoff().toNanos() << Math.min(again, MOST_DOUBLINGS);
        long whole = Math.min(doubled, retries.maxBackoff().toNanos());
        return Duration.ofNanos(whole - (long) (random.getAsDouble() * whole / 2));
    }
}
