package io.mlflowgateway.server.routing;

import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SynchronousSink;
import reactor.core.scheduler.Scheduler;

/** One call asked of one target, and perhaps of a second one beside it: see {@link Hedge}. Subscribed once. */
final class Race<T> {
    /** What a runner brings: an element, or a failure that ends the race, or neither: it is through without a word. */
    private record Lap<T>(Race<T>.Runner by, Optional<T> element, Optional<Throwable> failure) {}

    private final UsualTime times;
    private final LongSupplier nanoClock;
    private final Runnable onOvertaken;
    private final Runner first = new Runner();
    private final Runner second = new Runner();
    /** Who runs; the second one from when it is sure that it will. */
    private final AtomicInteger running = new AtomicInteger(1);

    private volatile Throwable lastFailure = new NoSuchElementException("nobody failed");
    private boolean won;

    /**
     * @param times told how long it took until the race was won
     * @param onOvertaken called when the one that is overtaken still runs
     */
    Race(UsualTime times, LongSupplier nanoClock, Runnable onOvertaken) {
        this.times = times;
        this.nanoClock = nanoClock;
        this.onOvertaken = onOvertaken;
    }

    private final class Runner {
        private volatile long beganNanos;
        private volatile boolean ahead;
        private volatile boolean besideAnother;

        Flux<Lap<T>> run(Flux<T> attempt) {
            return Flux.defer(() -> {
                beganNanos = nanoClock.getAsLong();
                return attempt.map(this::lap)
                        .switchIfEmpty(Mono.fromSupplier(this::through))
                        .onErrorResume(thrown -> !ahead, this::fell);
            });
        }

        private Lap<T> lap(T element) {
            goesAhead();
            return new Lap<>(this, Optional.of(element), Optional.empty());
        }

        private Lap<T> through() {
            goesAhead();
            return new Lap<>(this, Optional.empty(), Optional.empty());
        }

        /** Seen now: the other one may fail for being cancelled before anybody hears of this lap. */
        private void goesAhead() {
            if (!ahead) {
                besideAnother = running.get() == 2;
                ahead = true;
            }
        }

        private Flux<Lap<T>> fell(Throwable thrown) {
            lastFailure = thrown;
            // While the other one runs, this one is just out of the race.
            return running.decrementAndGet() == 0 ? Flux.just(failed()) : Flux.error(thrown);
        }

        private Lap<T> failed() {
            return new Lap<>(this, Optional.empty(), Optional.of(lastFailure));
        }

        private long nanos() {
            return nanoClock.getAsLong() - beganNanos;
        }
    }

    /** The elements of the only attempt. */
    Flux<T> alone(Flux<T> attempt) {
        return first.run(attempt).handle(this::pass);
    }

    /**
     * The elements of the one that brings one first.
     *
     * @param other asked after the wait; empty when nobody is to run beside the first
     */
    Flux<T> run(Flux<T> attempt, Duration wait, Supplier<Optional<Flux<T>>> other, Scheduler scheduler) {
        Flux<Lap<T>> beside = Mono.delay(wait, scheduler).flatMapMany(passed -> beside(other));
        return Flux.firstWithValue(List.of(first.run(attempt), beside)).handle(this::pass);
    }

    private Flux<Lap<T>> beside(Supplier<Optional<Flux<T>>> other) {
        if (!running.compareAndSet(1, 2)) {
            return Flux.empty();
        }
        Optional<Flux<T>> attempt = other.get();
        if (attempt.isPresent()) {
            return second.run(attempt.get());
        }
        // The first one may have fallen meanwhile, and then waits for this word.
        return running.decrementAndGet() == 0 ? Flux.just(second.failed()) : Flux.empty();
    }

    private void pass(Lap<T> lap, SynchronousSink<T> sink) {
        if (!won && lap.failure().isEmpty()) {
            won = true;
            wins(lap.by());
        }
        lap.failure().ifPresent(sink::error);
        lap.element().ifPresent(sink::next);
    }

    private void wins(Runner winner) {
        times.took(winner.nanos());
        if (winner.besideAnother) {
            // What the other one would have taken is not known, but so much at least: slow ones must not go unseen.
            times.took((winner == first ? second : first).nanos());
            onOvertaken.run();
        }
    }
}
