package io.mlflowgateway.server.config;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Tells a file that has been left alone from one that is still being written: half a file may well be a configuration,
 * with half the routes. Not thread-safe.
 */
final class Settling {
    /** So long two looks that find the same must be apart. */
    static final Duration QUIET = Duration.ofMillis(300);

    /** After so long of changes somebody should be told. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    /** How the file is. */
    enum State {
        /** Left alone. */
        SETTLED,
        /** It has just changed. */
        CHANGING,
        /** It has been changing for longer than a save takes. */
        RESTLESS
    }

    private final LongSupplier nanoClock;
    private String seen = "";
    private long seenSince;
    private long changingSince;

    /** @param nanoClock monotonic, as {@link System#nanoTime()} */
    Settling(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /** What was found before does not count any more. */
    void forget() {
        seen = "";
    }

    /**
     * Takes note of a look.
     *
     * @param mark of what was found, not empty
     */
    State sees(String mark) {
        long now = nanoClock.getAsLong();
        if (seen.isEmpty()) {
            changingSince = now;
        }
        if (!mark.equals(seen)) {
            seen = mark;
            seenSince = now;
        }
        if (now - seenSince >= QUIET.toNanos()) {
            return State.SETTLED;
        }
        return now - changingSince < PATIENCE.toNanos() ? State.CHANGING : State.RESTLESS;
    }
}
