package io.mlflowgateway.server.routing;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/** The time that so many of a hundred answers lately began within. Thread-safe. */
final class UsualTime {
    /** With fewer samples nothing is said. */
    static final int ENOUGH = 20;

    /** So many of the last ones count. */
    private static final int KEPT = 256;

    /** Sorted anew after so many samples. */
    private static final int FRESH = 8;

    private final int percentile;
    // Guarded by this.
    private final long[] samples = new long[KEPT];
    private long count;
    private volatile Optional<Duration> usual = Optional.empty();

    /** @param percentile 1..100 */
    UsualTime(int percentile) {
        this.percentile = percentile;
    }

    /** An answer began after so long. */
    synchronized void took(long nanos) {
        samples[(int) (count % KEPT)] = nanos;
        count++;
        if (count == ENOUGH || (count > ENOUGH && count % FRESH == 0)) {
            long[] sorted = Arrays.copyOf(samples, (int) Math.min(count, KEPT));
            Arrays.sort(sorted);
            int place = (sorted.length * percentile + 99) / 100 - 1;
            usual = Optional.of(Duration.ofNanos(sorted[place]));
        }
    }

    /** Empty until enough is known. */
    Optional<Duration> usual() {
        return usual;
    }
}
