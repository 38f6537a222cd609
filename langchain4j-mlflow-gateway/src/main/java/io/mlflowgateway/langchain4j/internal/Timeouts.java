package io.mlflowgateway.langchain4j.internal;

import java.time.Duration;

/**
 * How long anything is waited for. Every wait of the client is one of these.
 *
 * @param connect to the gateway
 * @param firstByte from sending to the head of the answer, and from there to the end of a whole answer
 * @param idle between two reads of a stream the caller is ready to take more of
 * @param total of one call with all its attempts
 */
public record Timeouts(Duration connect, Duration firstByte, Duration idle, Duration total) {
    /** As long as anybody waits, and still a number of nanoseconds. */
    private static final Duration FOR_EVER = Duration.ofDays(36_500);

    /** Refuses what is not a wait; what is longer than a hundred years is a hundred years. */
    public Timeouts {
        check("connectTimeout", connect);
        check("firstByteTimeout", firstByte);
        check("idleTimeout", idle);
        check("totalTimeout", total);
        connect = bounded(connect);
        firstByte = bounded(firstByte);
        idle = bounded(idle);
        total = bounded(total);
    }

    static Duration bounded(Duration duration) {
        return duration.compareTo(FOR_EVER) > 0 ? FOR_EVER : duration;
    }

    /**
     * Refuses what is not a wait.
     *
     * @param name as its user knows it
     * @param duration to check
     */
    public static void check(String name, Duration duration) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException(name + " must be more than zero, but is " + duration);
        }
    }
}
