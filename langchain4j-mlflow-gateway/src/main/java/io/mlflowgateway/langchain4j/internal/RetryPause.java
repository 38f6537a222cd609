package io.mlflowgateway.langchain4j.internal;

import dev.langchain4j.exception.RetriableException;
import io.mlflowgateway.langchain4j.failure.GatewayFailure;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Whether a failed call is repeated, and after how long: what the server asked for, or half a second and half as much
 * again each time, with a fifth of chance.
 */
final class RetryPause {

    private static final double FIRST_MILLIS = 500;
    private static final double LONGEST_MILLIS = 10_000;

    private RetryPause() {}

    /** Nothing if the call is not to be repeated: the failure will not pass, or not soon enough. */
    static Optional<Duration> after(Throwable failure, long retriesSoFar, Duration longestAsked) {
        if (!(failure instanceof RetriableException)) {
            return Optional.empty();
        }
        Duration own = backOff(retriesSoFar);
        if (!(failure instanceof GatewayFailure gateway)) {
            return Optional.of(own);
        }
        Duration asked = gateway.details().retryAfter().orElse(own);
        // Sooner than asked would be one more refusal.
        return asked.compareTo(longestAsked) > 0 ? Optional.empty() : Optional.of(asked);
    }

    private static Duration backOff(long retriesSoFar) {
        double millis = Math.min(LONGEST_MILLIS, FIRST_MILLIS * Math.pow(1.5, (double) retriesSoFar));
        double chance = ThreadLocalRandom.current().nextDouble(0.8, 1.2);
        return Duration.ofMillis((long) (millis * chance));
    }
}
