package io.mlflowgateway.server.routing;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Allows extra attempts as a share of a route's calls, counted over the last minute; a few are always allowed, so that a
 * quiet route can try again at all. Thread-safe.
 */
final class RetryBudget {
    /** So many extra attempts a minute are allowed however few calls there are. */
    static final int ALWAYS = 10;

    private static final long SLICE_NANOS = Duration.ofSeconds(6).toNanos();
    private static final int SLICES = 10;

    private final int percent;
    private final int always;
    private final LongSupplier nanoClock;
    private final long originNanos;
    // All guarded by this.
    private final long[] calls = new long[SLICES];
    private final long[] taken = new long[SLICES];
    private long slice;

    /** @param percent of the calls, from 0: none at all, to 100 */
    RetryBudget(int percent, LongSupplier nanoClock) {
        this(percent, percent == 0 ? 0 : ALWAYS, nanoClock);
    }

    /** @param always allowed in a minute whatever the share says */
    RetryBudget(int percent, int always, LongSupplier nanoClock) {
        this.percent = percent;
        this.always = always;
        this.nanoClock = nanoClock;
        this.originNanos = nanoClock.getAsLong();
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

    /** The place of the present slice of time; those that are a minute old are emptied. */
    private int now() {
        long present = (nanoClock.getAsLong() - originNanos) / SLICE_NANOS;
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
