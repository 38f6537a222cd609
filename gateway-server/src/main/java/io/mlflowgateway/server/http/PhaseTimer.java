package io.mlflowgateway.server.http;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The one timer of a connection: each phase replaces the one before. A pending wake-up that comes too early for the
 * present phase is let come and re-armed, so that a busy connection schedules next to nothing. Event loop only.
 */
final class PhaseTimer {
    private final EventExecutor loop;
    private long due;
    private Runnable action = () -> {};
    private @Nullable ScheduledFuture<?> wakeUp;
    private long wakeUpAt;

    PhaseTimer(EventExecutor loop) {
        this.loop = loop;
    }

    /** Runs the action this far from now unless another phase begins before. */
    void await(Duration limit, Runnable onTimeout) {
        due = System.nanoTime() + limit.toNanos();
        action = onTimeout;
        if (wakeUp == null || wakeUpAt - due > 0) {
            arm();
        }
    }

    void cancel() {
        action = () -> {};
        if (wakeUp != null) {
            wakeUp.cancel(false);
            wakeUp = null;
        }
    }

    private void arm() {
        if (wakeUp != null) {
            wakeUp.cancel(false);
        }
        wakeUpAt = due;
        wakeUp = loop.schedule(this::wake, Math.max(0, due - System.nanoTime()), TimeUnit.NANOSECONDS);
    }

    private void wake() {
        wakeUp = null;
        if (due - System.nanoTime() > 0) {
            arm();
        } else {
            action.run();
        }
    }
}
