package io.mlflowgateway.server.upstream;

import io.mlflowgateway.server.query.Deadline;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The one timer of a connection: the phase under way has a limit, and the exchange as a whole may have one. A phase that
 * follows another moves the mark; the scheduled task is only touched when it would come too late, so a quick exchange
 * costs no more than a look at the clock. On the connection's loop only.
 */
final class Watch {
    /** What is being waited for. */
    enum Phase {
        CONNECT("no connection to %s within %s"),
        FIRST_BYTE("%s did not answer within %s"),
        STREAM_IDLE("the stream from %s stood still for %s"),
        END("%s kept the stream open %s after its end"),
        /** The next exchange; no failure. */
        IDLE("%s was not called for %s"),
        /** The end of the whole exchange. */
        TOTAL("the call to %s was not over in the time allowed for all of it");

        private final String message;

        Phase(String message) {
            this.message = message;
        }

        /** What the caller is told when it took too long. */
        String message(String host, Duration limit) {
            return String.format(message, host, limit.toMillis() + " ms");
        }
    }

    /** That a limit has passed. */
    record Late(Phase phase, Duration limit) {}

    private static final long NEVER = Long.MAX_VALUE;

    private final EventLoop loop;
    private final Consumer<Late> whenLate;
    private final long base = System.nanoTime();

    // All times below are nanoseconds after base.
    private long totalAt = NEVER;
    private long phaseAt = NEVER;
    private Phase phase = Phase.CONNECT;
    private Duration limit = Duration.ZERO;
    private long scheduledAt = NEVER;
    private @Nullable ScheduledFuture<?> scheduled;
    private boolean stopped;

    /** @param whenLate called on the loop, once for each phase that took too long */
    Watch(EventLoop loop, Consumer<Late> whenLate) {
        this.loop = loop;
        this.whenLate = whenLate;
    }

    /** An exchange begins that must be over by then. */
    void allow(Deadline deadline) {
        totalAt = Math.max(0, deadline.nanos() - base);
    }

    /** No exchange is under way. */
    void allowAnyTotal() {
        totalAt = NEVER;
    }

    /** A phase begins now and may take so long. It takes the place of the one before. */
    void begin(Phase next, Duration atMost) {
        begin(next, atMost, System.nanoTime());
    }

    /** As {@link #begin(Phase, Duration)}, for a phase that began at this {@link System#nanoTime()}. */
    void begin(Phase next, Duration atMost, long since) {
        phase = next;
        limit = atMost;
        phaseAt = since - base + atMost.toNanos();
        schedule();
    }

    /** Nobody waits for the upstream: only the total counts until the next phase. */
    void pause() {
        phaseAt = NEVER;
        schedule();
    }

    /** The connection is closed. */
    void stop() {
        stopped = true;
        if (scheduled != null) {
            scheduled.cancel(false);
            scheduled = null;
        }
    }

    private void schedule() {
        long due = Math.min(phaseAt, totalAt);
        if (stopped || due >= scheduledAt) {
            return;
        }
        if (scheduled != null) {
            scheduled.cancel(false);
        }
        scheduledAt = due;
        scheduled = loop.schedule(this::look, Math.max(0, due - now()), TimeUnit.NANOSECONDS);
    }

    private void look() {
        scheduledAt = NEVER;
        scheduled = null;
        long now = now();
        if (stopped) {
            return;
        }
        if (now < Math.min(phaseAt, totalAt)) {
            schedule();
            return;
        }
        Late late = now >= totalAt ? new Late(Phase.TOTAL, Duration.ZERO) : new Late(phase, limit);
        phaseAt = NEVER;
        totalAt = NEVER;
        whenLate.accept(late);
    }

    private long now() {
        return System.nanoTime() - base;
    }
}
