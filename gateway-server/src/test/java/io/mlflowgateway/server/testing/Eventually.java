package io.mlflowgateway.server.testing;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for something that happens on another thread or in another process. */
public final class Eventually {
    private Eventually() {}

    /** Returns once the claim holds; fails with the message when it does not within the limit. */
    public static void within(Duration limit, String message, BooleanSupplier claim) {
        long end = System.nanoTime() + limit.toNanos();
        while (!claim.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("not within " + limit + ": " + message);
            }
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
    }
}
