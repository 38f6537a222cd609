package io.mlflowgateway.server.routing;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/**
 * How long a target takes to begin its answers: a moving average that jumps to each peak at once and comes down slowly
 * (peak EWMA), also while nobody asks, so that a target that was slow once is tried again. Thread-safe, without locks.
 */
final class Latency {
    /** After so long without a sample, a third of what was known is left. */
    static final Duration MEMORY = Duration.ofSeconds(10);

    private record Average(double nanos, long atNanos) {
        private double at(long now) {
            return nanos * Math.exp(-Math.max(0, now - atNanos) / (double) MEMORY.toNanos());
        }
    }

    private final AtomicReference<Average> average;

    Latency(long nowNanos) {
        average = new AtomicReference<>(new Average(0, nowNanos));
    }

    /** An answer began after so long. */
    void took(long nanos, long now) {
        average.updateAndGet(seen -> next(seen, nanos, now));
    }

    /** At least so long it took or would have taken: only a new peak counts. */
    void tookAtLeast(long nanos, long now) {
        average.updateAndGet(seen -> nanos > seen.at(now) ? new Average(nanos, now) : seen);
    }

    /** Nanoseconds as of now; 0 where nothing is known. */
    double nanos(long now) {
        return Objects.requireNonNull(average.get()).at(now);
    }

    private static Average next(Average seen, long nanos, long now) {
        double weight = Math.exp(-Math.max(0, now - seen.atNanos()) / (double) MEMORY.toNanos());
        double mixed = seen.nanos() * weight + nanos * (1 - weight);
        return new Average(Math.max(nanos, mixed), now);
    }
}
