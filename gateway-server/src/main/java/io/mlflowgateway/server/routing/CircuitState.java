package io.mlflowgateway.server.routing;

import java.time.Duration;
import java.util.Locale;

/**
 * How a target's circuit stands, as operators are shown it.
 *
 * @param since how long it has been so
 * @param left until a call may try again; zero where one may now
 * @param reason why it is not closed, in the gateway's own words; empty where it is
 */
public record CircuitState(Phase phase, Duration since, Duration left, String reason) {
    /** What becomes of calls. */
    public enum Phase {
        /** They are let through. */
        CLOSED,
        /** They are not. */
        OPEN,
        /** One is on its way to see whether the target is well again; all others are not let through. */
        HALF_OPEN;

        /** As logs, metrics and the API say it. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
