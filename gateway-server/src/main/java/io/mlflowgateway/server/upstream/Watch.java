package io.mlflowgateway.server.upstream;

import io.mlflowgateway.server.query.Deadline;
import io.mlflowgateway.server.query.Failure;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The one timer of an exchange: the phase under way has a limit, and the whole has one. A phase that follows another
 * moves the mark; the scheduled task is only touched when it would come too late, so a quick exchange costs one
 * schedule and one cancel. Safe from any thread.
 */
final class Watch {
    /** What is being waited for. */
    enum Phase {
        CONNECT("no connection to %s within %s"),
        FIRST_BYTE("%s did not answer within %s"),
        STREAM_IDLE("the stream from %s stood still for %s"),
        END("%s kept the stream open %s after its end");

        private final String message;

        Phase(String message) {
            this.message = message;
        }
    }

    private static final long NEVER = Long.MAX_VALUE;

    private final EventLoop loop;
    private final String host;
    private final Consumer<Failure> whenLate;
    private final Runnable whenOver;
    private final long base = System.nanoTime();
    private final long totalAt;

    // All times below are nanoseconds after base. Guarded by this.
    private long phaseAt = NEVER;
    private Phase phase = Phase.CONNECT;
    private Duration limit = Duration.ZERO;
    private long scheduledAt = NEVER;
    private @Nullable ScheduledFuture<?> scheduled;
    private boolean over;

    /**
     * @param loop runs the timer
     * @param host for messages
     * @param whenLate called once at most, on the loop, with what the caller is to be told
     * @param whenOver called once, when the watch is stopped or late
     */
    Watch(EventLoop loop, String host, Deadline deadline, Consumer<Failure> whenLate, Runnable whenOver) {
        this.loop = loop;
        this.host = host;
        this.whenLate = whenLate;
        this.whenOver = whenOver;
        this.totalAt = Math.max(0, deadline.nanos() - base);
    }

    /** A phase begins now and may take so long. It takes the place of the one before. */
    synchronized void begin(Phase next, Duration atMost) {
        phase = next;
        limit = atMost;
        phaseAt = now() + atMost.toNanos();
        schedule();
    }

    /** Nobody waits for the upstream: only the total counts until the next phase. */
    synchronized void pause() {
        phaseAt = NEVER;
    }

    /** The exchange is over. Every call after the first does nothing. */
    void stop() {
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
            if (scheduled != null) {
                scheduled.cancel(false);
                scheduled = null;
            }
        }
        whenOver.run();
    }

    private void schedule() {
        long due = Math.min(phaseAt, totalAt);
        if (over || due >= scheduledAt) {
            return;
        }
        if (scheduled != null) {
            scheduled.cancel(false);
        }
        scheduledAt = due;
        scheduled = loop.schedule(this::look, Math.max(0, due - now()), TimeUnit.NANOSECONDS);
    }

    private void look() {
        Failure late;
        synchronized (this) {
            scheduledAt = NEVER;
            scheduled = null;
            long now = now();
            if (now < Math.min(phaseAt, totalAt)) {
                schedule();
                return;
            }
            if (over) {
                return;
            }
            over = true;
            Failure tooLate = Failure.of(Failure.Kind.UPSTREAM_TIMEOUT, message(now));
            late = phase == Phase.CONNECT && now < totalAt ? tooLate.unsent() : tooLate;
        }
        whenLate.accept(late);
        whenOver.run();
    }

    private String message(long now) {
        return now >= totalAt
                ? "the call to " + host + " was not over in the total time allowed"
                : String.format(phase.message, host, limit.toMillis() + " ms");
    }

    private long now() {
        return System.nanoTime() - base;
    }
}
