package io.mlflowgateway.server.config;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Tells a file that has been left alone from one that is still being written: half a file may well be a configuration,
 * with half the routes. Not thread-safe.
 */
final class Settling {
    /** So long nobody may have written to the file: by its own time, or by two looks that found the same. */
    static final Duration QUIET = Duration.ofMillis(500);

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
     * @param leftAloneFor by what the file says of itself
     */
    State sees(String mark, Duration leftAloneFor) {
        long now = nanoClock.getAsLong();
        if (seen.isEmpty()) {
            changingSince = now;
        }
        if (!mark.equals(seen)) {
            seen = mark;
            seenSince = now;
        }
        if (now - seenSince >= QUIET.toNanos() || leftAloneFor.compareTo(QUIET) >= 0) {
            return State.SETTLED;
        }
        return now - changingSince < PATIENCE.toNanos() ? State.CHANGING : State.RESTLESS;
    }
}
