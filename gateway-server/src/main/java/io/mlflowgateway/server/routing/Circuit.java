package io.mlflowgateway.server.routing;

import io.mlflowgateway.server.config.Routing;
import io.mlflowgateway.server.query.Failure;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

/**
 * Lets calls through to one target, or none for a while: closed, open, half-open with a single probe. Thread-safe;
 * nothing on the way of a call through a closed circuit takes a lock.
 *
 * <p>It opens by its {@link Routing.Breaker}, and where there is another target to go to, for as long as the target asked by
 * {@code Retry-After}, {@link #LONGEST_COOL_DOWN} at most. Attempts that began before it opened neither close nor prolong
 * it.
 */
final class Circuit {
    /** No upstream takes a target away for longer by its {@code Retry-After}. */
    static final Duration LONGEST_COOL_DOWN = Duration.ofMinutes(5);

    /** A probe that takes longer than the cool-down before it, and than this, no longer keeps others from trying. */
    private static final long PROBE_NANOS = Duration.ofSeconds(1).toNanos();

    /**
     * Where it stands. A pass is the standing it was given under, so that what came before the last change is known.
     *
     * @param asked whether the target only asked to be left alone
     */
    record Standing(CircuitState.Phase phase, long sinceNanos, long periodNanos, boolean asked, String reason) {
        private boolean isOver(long now) {
            return now - sinceNanos >= periodNanos;
        }
    }

    private record Miss(long nanos, long successesBefore) {}

    private final Optional<Routing.Breaker> breaker;
    private final boolean coolsDown;
    private final LongSupplier nanoClock;
    private final BiConsumer<CircuitState.Phase, CircuitState> onChange;
    private final AtomicReference<Standing> standing;
    private final LongAdder successes = new LongAdder();
    /** The last ones, guarded by itself. */
    private final Deque<Miss> misses = new ArrayDeque<>();

    /**
     * @param breaker none: failures alone never open it
     * @param coolsDown whether {@code Retry-After} opens it
     * @param nanoClock monotonic
     * @param onChange told what it was and what it is after each change; neither blocks nor throws
     */
    Circuit(
            Optional<Routing.Breaker> breaker,
            boolean coolsDown,
            LongSupplier nanoClock,
            BiConsumer<CircuitState.Phase, CircuitState> onChange) {
        this.breaker = breaker;
        this.coolsDown = coolsDown;
        this.nanoClock = nanoClock;
        this.onChange = onChange;
        this.standing = new AtomicReference<>(closed(nanoClock.getAsLong()));
    }

    /** A pass for one attempt; empty when none may be made now. */
    Optional<Standing> tryPass() {
        Standing now = standing();
        return now.phase() == CircuitState.Phase.CLOSED ? Optional.of(now) : tryProbe(now);
    }

    private Optional<Standing> tryProbe(Standing seen) {
        long now = nanoClock.getAsLong();
        if (!seen.isOver(now)) {
            return Optional.empty();
        }
        long period = Math.max(PROBE_NANOS, seen.periodNanos());
        Standing probe = new Standing(CircuitState.Phase.HALF_OPEN, now, period, seen.asked(), seen.reason());
        return change(seen, probe) ? Optional.of(probe) : Optional.empty();
    }

    /** The target answered, were it with a refusal of what the caller asked for. */
    void succeeded(Standing pass) {
        if (pass.phase() == CircuitState.Phase.CLOSED) {
            successes.increment();
        } else {
            change(pass, closed(nanoClock.getAsLong()));
        }
    }

    /** The target failed, and asks to be left alone for so long if it says so. */
    void failed(Standing pass, Failure failure, Optional<Duration> retryAfter) {
        long now = nanoClock.getAsLong();
        Duration asked =
                retryAfter.filter(time -> coolsDown).map(Circuit::capped).orElse(Duration.ZERO);
        String last = words(failure);
        boolean probe = pass.phase() == CircuitState.Phase.HALF_OPEN;
        boolean trips = probe || missed(now);
        Duration own =
                breaker.filter(set -> trips).map(Routing.Breaker::cooldown).orElse(Duration.ZERO);
        Duration time = own.compareTo(asked) > 0 ? own : asked;
        if (!time.isZero()) {
            String reason = (own.isZero() ? "it asked to be left alone: " : "it failed: ") + last;
            change(pass, new Standing(CircuitState.Phase.OPEN, now, time.toNanos(), own.isZero(), reason));
        } else if (probe) {
            change(pass, closed(now));
        }
    }

    /** The target failed in the middle of an answer, long after its begin was a success: counts where it is closed. */
    void brokeOff(Failure failure) {
        Standing now = standing();
        if (now.phase() == CircuitState.Phase.CLOSED) {
            failed(now, failure, Optional.empty());
        }
    }

    /** The attempt ended without a word on the target: if it was the probe, the next one may be. */
    void left(Standing pass) {
        if (pass.phase() == CircuitState.Phase.HALF_OPEN) {
            change(pass, new Standing(CircuitState.Phase.OPEN, nanoClock.getAsLong(), 0, pass.asked(), pass.reason()));
        }
    }

    private Standing standing() {
        return Objects.requireNonNull(standing.get());
    }

    /** As it is now: a target that asked for some time and has had it is closed, whether or not it has been asked since. */
    CircuitState state() {
        Standing now = standing();
        long nanos = nanoClock.getAsLong();
        boolean rested = now.phase() == CircuitState.Phase.OPEN && now.asked() && now.isOver(nanos);
        return shown(rested ? closed(now.sinceNanos() + now.periodNanos()) : now, nanos);
    }

    private static CircuitState shown(Standing now, long nanos) {
        long age = Math.max(0, nanos - now.sinceNanos());
        long left = Math.max(0, now.periodNanos() - age);
        return new CircuitState(now.phase(), Duration.ofNanos(age), Duration.ofNanos(left), now.reason());
    }

    /** Notes a failure; whether it is one too many. */
    private boolean missed(long now) {
        if (breaker.isEmpty()) {
            return false;
        }
        Routing.Breaker set = breaker.get();
        synchronized (misses) {
            long before = successes.sum();
            misses.addLast(new Miss(now, before));
            if (misses.size() > set.failures()) {
                misses.removeFirst();
            }
            Miss first = misses.getFirst();
            return misses.size() == set.failures()
                    && now - first.nanos() <= set.within().toNanos()
                    && before - first.successesBefore() <= set.failures();
        }
    }

    private boolean change(Standing from, Standing next) {
        boolean changed = standing.compareAndSet(from, next);
        if (changed) {
            synchronized (misses) {
                misses.clear();
            }
            onChange.accept(from.phase(), shown(next, next.sinceNanos()));
        }
        return changed;
    }

    private static Standing closed(long now) {
        return new Standing(CircuitState.Phase.CLOSED, now, 0, false, "");
    }

    /** A failure in short: its status and kind, nothing of what the provider said. */
    static String words(Failure failure) {
        return failure.status() + " " + failure.kind().code();
    }

    private static Duration capped(Duration asked) {
        Duration sane = asked.isNegative() ? Duration.ZERO : asked;
        return sane.compareTo(LONGEST_COOL_DOWN) > 0 ? LONGEST_COOL_DOWN : sane;
    }
}
