package io.mlflowgateway.server.routing;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Allows extra attempts as a share of a route's calls, counted over a sliding time. Of retries a few are allowed in any
 * case, so that a quiet route can try again at all. Thread-safe.
 */
final class RetryBudget {
    /** So many retries a minute are allowed however few calls there are. */
    static final int ALWAYS = 10;

    private static final int SLICES = 10;

    private final int percent;
    private final int always;
    private final long sliceNanos;
    private final LongSupplier nanoClock;
    private final long originNanos;
    // All guarded by this.
    private final long[] calls = new long[SLICES];
    private final long[] taken = new long[SLICES];
    private long slice;

    private RetryBudget(int percent, int always, Duration window, LongSupplier nanoClock) {
        this.percent = percent;
        this.always = always;
        this.sliceNanos = window.dividedBy(SLICES).toNanos();
        this.nanoClock = nanoClock;
        this.originNanos = nanoClock.getAsLong();
    }

    /** @param percent of the calls of a minute; 0: none at all */
    static RetryBudget ofRetries(int percent, LongSupplier nanoClock) {
        return new RetryBudget(percent, percent == 0 ? 0 : ALWAYS, Duration.ofMinutes(1), nanoClock);
    }

    /** @param percent of the calls of ten minutes, strictly */
    static RetryBudget ofHedges(int percent, LongSupplier nanoClock) {
        return new RetryBudget(percent, 0, Duration.ofMinutes(10), nanoClock);
    }

    /** A call came. Once for each, before its attempts. */
    synchronized void call() {
        calls[now()]++;
    }

    /** Takes one extra attempt; false when there have been as many as may be. */
    synchronized boolean tryTake() {
        int now = now();
        long most = Math.max(always, sum(calls) * percent / 100);
        if (sum(taken) >= most) {
            return false;
        }
        taken[now]++;
        return true;
    }

    /** The place of the present slice of time; those that are too old are emptied. */
    private int now() {
        long present = (nanoClock.getAsLong() - originNanos) / sliceNanos;
        for (long next = Math.max(slice + 1, present - SLICES + 1); next <= present; next++) {
            int place = (int) (next % SLICES);
            calls[place] = 0;
            taken[place] = 0;
        }
        slice = Math.max(slice, present);
        return (int) (slice % SLICES);
    }

    private static long sum(long[] slices) {
        long sum = 0;
        for (long each : slices) {
            sum += each;
        }
        return sum;
    }
}
