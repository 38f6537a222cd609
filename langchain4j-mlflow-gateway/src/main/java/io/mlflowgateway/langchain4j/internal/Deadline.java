package io.mlflowgateway.langchain4j.internal;

import java.time.Duration;

/**
 * The moment by which a call is over: one for all its attempts, the pauses between them and what is asked before them.
 *
 * @param total how long the call was given
 * @param endNanos the moment, by {@link System#nanoTime()}
 */
public record Deadline(Duration total, long endNanos) {
    /**
     * A deadline for a call that begins now.
     *
     * @param total how long it may take
     * @return the moment it must be over
     */
    public static Deadline in(Duration total) {
        return new Deadline(total, System.nanoTime() + Timeouts.bounded(total).toNanos());
    }

    /** What is left; less than zero when it has passed. */
    Duration left() {
        return Duration.ofNanos(endNanos - System.nanoTime());
    }
}
