package io.mlflowgateway.server.routing;

import io.mlflowgateway.server.config.Routing;
import io.mlflowgateway.server.query.Failure;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

/**
 * What is remembered of one target over calls and reloads: its circuit, the attempts under way, how fast it answers, how
 * attempts ended. Thread-safe; no lock on the way of a call through a closed circuit.
 */
final class TargetHealth {
    /** A failure comes fast, but is no answer: a target that fails counts as this slow at least. */
    private static final long FAILURE_NANOS = Duration.ofSeconds(1).toNanos();

    private final Circuit circuit;
    private final Latency latency;
    private final LongSupplier nanoClock;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final Map<Trial.Outcome, LongAdder> outcomes = new EnumMap<>(Trial.Outcome.class);
    private final AtomicReference<Optional<Blamed>> lastFailure = new AtomicReference<>(Optional.empty());

    private record Blamed(String what, long atNanos) {}

    /** A target that is never refused. */
    TargetHealth(LongSupplier nanoClock) {
        this(Optional.empty(), false, nanoClock, (from, to) -> {});
    }

    /** The parameters are those of {@link Circuit}. */
    TargetHealth(
            Optional<Routing.Breaker> breaker,
            boolean coolsDown,
            LongSupplier nanoClock,
            BiConsumer<CircuitState.Phase, CircuitState> onChange) {
        this.nanoClock = nanoClock;
        this.circuit = new Circuit(breaker, coolsDown, nanoClock, onChange);
        this.latency = new Latency(nanoClock.getAsLong());
        Arrays.stream(Trial.Outcome.values()).forEach(outcome -> outcomes.put(outcome, new LongAdder()));
    }

    /** Begins an attempt; empty when the circuit is open, its probe is under way, or the target asked to be left alone. */
    Optional<Trial> tryBegin() {
        return circuit.tryPass().map(this::begin);
    }

    private Trial begin(Circuit.Standing pass) {
        inFlight.incrementAndGet();
        return new Trial(this, pass, nanoClock.getAsLong());
    }

    /** Until an attempt may begin; zero when one may now. */
    Duration untilNextTrial() {
        return circuit.state().left();
    }

    /** Attempts that have not ended, streams to their end. */
    int inFlight() {
        return inFlight.get();
    }

    /** How long it takes from an attempt's begin to the first piece or the whole answer; 0 where nothing is known. */
    double latencyNanos() {
        return latency.nanos(nanoClock.getAsLong());
    }

    CircuitState state() {
        return circuit.state();
    }

    /** The last one the target was to blame for, whether or not it opened the circuit. */
    Optional<TargetStatus.LastFailure> lastFailure() {
        long now = nanoClock.getAsLong();
        return Objects.requireNonNull(lastFailure.get())
                .map(last -> new TargetStatus.LastFailure(last.what(), Duration.ofNanos(now - last.atNanos())));
    }

    /** How many attempts ended so. */
    long count(Trial.Outcome outcome) {
        return Objects.requireNonNull(outcomes.get(outcome)).sum();
    }

    void answered(Circuit.Standing pass, long beganNanos) {
        long now = nanoClock.getAsLong();
        latency.took(now - beganNanos, now);
        circuit.succeeded(pass);
        ended(Trial.Outcome.ANSWERED);
    }

    void failed(Circuit.Standing pass, long beganNanos, Failure failure, Optional<Duration> retryAfter) {
        if (!failure.concernsTarget()) {
            left(pass, beganNanos);
            return;
        }
        if (!failure.blamesTarget()) {
            circuit.succeeded(pass);
            ended(Trial.Outcome.REFUSED);
            return;
        }
        long now = nanoClock.getAsLong();
        latency.tookAtLeast(Math.max(FAILURE_NANOS, now - beganNanos), now);
        circuit.failed(pass, failure, retryAfter);
        blame(failure, now);
        ended(Trial.Outcome.FAILED);
    }

    /** After its first piece: it has been counted as answered before. */
    void brokeOff(Failure failure) {
        if (failure.blamesTarget()) {
            circuit.brokeOff(failure);
            blame(failure, nanoClock.getAsLong());
            ended(Trial.Outcome.BROKE_OFF);
        }
    }

    void left(Circuit.Standing pass, long beganNanos) {
        long now = nanoClock.getAsLong();
        latency.tookAtLeast(now - beganNanos, now);
        circuit.left(pass);
        ended(Trial.Outcome.LEFT);
    }

    void over() {
        inFlight.decrementAndGet();
    }

    private void blame(Failure failure, long now) {
        lastFailure.set(Optional.of(new Blamed(Circuit.words(failure), now)));
    }

    private void ended(Trial.Outcome outcome) {
        Objects.requireNonNull(outcomes.get(outcome)).increment();
    }
}
