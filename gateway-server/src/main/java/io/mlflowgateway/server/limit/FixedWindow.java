package io.mlflowgateway.server.limit;

import io.mlflowgateway.server.query.CallLimit;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Counts calls in windows that begin with the first call after the last window ended, as MLflow's limiter does. Exact
 * under concurrency: of any number of simultaneous calls in one window exactly the limit pass. Safe from any thread.
 */
final class FixedWindow {
    private record State(long startedNanos, long taken) {}

    private final CallLimit limit;
    private final AtomicReference<State> state;

    FixedWindow(CallLimit limit, long nowNanos) {
        this.limit = limit;
        this.state = new AtomicReference<>(new State(nowNanos, 0));
    }

    /**
     * What became of one call.
     *
     * @param passed whether it was within the limit
     * @param remaining calls after it, zero or more
     * @param nanosLeft of the window, at least 1
     */
    record Taken(boolean passed, long remaining, long nanosLeft) {}

    /**
     * Takes one call.
     *
     * @param nowNanos the monotonic clock
     */
    Taken take(long nowNanos) {
        long period = limit.period().toNanos();
        while (true) {
            State seen = Objects.requireNonNull(state.get());
            boolean ended = seen.taken() == 0 || nowNanos - seen.startedNanos() >= period;
            State next = ended ? new State(nowNanos, 1) : new State(seen.startedNanos(), seen.taken() + 1);
            long left = Math.max(1, period - (nowNanos - next.startedNanos()));
            if (next.taken() > limit.calls()) {
                return new Taken(false, 0, left);
            }
            if (state.compareAndSet(seen, next)) {
                return new Taken(true, limit.calls() - next.taken(), left);
            }
        }
    }
}
