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
     * Takes one call.
     *
     * @param nowNanos the monotonic clock
     * @return 0 when the call may pass, otherwise the nanoseconds until the window ends, at least 1
     */
    long take(long nowNanos) {
        long period = limit.period().toNanos();
        while (true) {
            State seen = Objects.requireNonNull(state.get());
            boolean ended = seen.taken() == 0 || nowNanos - seen.startedNanos() >= period;
            State next = ended ? new State(nowNanos, 1) : new State(seen.startedNanos(), seen.taken() + 1);
            if (next.taken() > limit.calls()) {
                return ended ? period : Math.max(1, period - (nowNanos - seen.startedNanos()));
            }
            if (state.compareAndSet(seen, next)) {
                return 0;
            }
        }
    }
}
