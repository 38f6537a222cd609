package io.mlflowgateway.server.routing;

import io.mlflowgateway.server.query.Notes;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;

/**
 * Begins a second attempt beside one that takes unusually long to begin its answer, and goes on with the one that begins
 * first; the other is cancelled. Kept over reloads; thread-safe.
 *
 * <p>"Unusually long" is a percentile of what the route's own attempts took lately, whole answers and streams each for
 * themselves; until {@value UsualTime#ENOUGH} are known, nobody is asked twice.
 */
final class Hedge {
    private final Duration atLeast;
    private final RetryBudget budget;
    private final LongSupplier nanoClock;
    private final UsualTime ofWhole;
    private final UsualTime ofStreams;

    /**
     * @param percentile of the times to the first piece that is waited for, 1..100
     * @param atLeast waited for in any case
     * @param budget of second attempts
     */
    Hedge(int percentile, Duration atLeast, RetryBudget budget, LongSupplier nanoClock) {
        this.atLeast = atLeast;
        this.budget = budget;
        this.nanoClock = nanoClock;
        this.ofWhole = new UsualTime(percentile);
        this.ofStreams = new UsualTime(percentile);
    }

    /** A call of the route came. Once for each, before its attempts. */
    void call() {
        budget.call();
    }

    /**
     * The elements of the attempt that begins first. A failure of the first attempt before the second one began is the
     * failure of both; later each may fail while the other goes on, and the last one's failure counts.
     *
     * @param streams whether the elements are pieces of a stream
     * @param first cold: pieces, or one whole answer
     * @param second makes another such attempt; empty when there is nobody to ask. Called at most once
     * @param notes told of an attempt that was overtaken
     * @param scheduler for the wait
     */
    <T> Flux<T> race(
            boolean streams, Flux<T> first, Supplier<Optional<Flux<T>>> second, Notes notes, Scheduler scheduler) {
        UsualTime times = streams ? ofStreams : ofWhole;
        return Flux.defer(() -> {
            Race<T> race = new Race<>(times, nanoClock, notes::overtakes);
            Optional<Duration> usual = times.usual();
            return usual.isEmpty()
                    ? race.alone(first)
                    : race.run(first, longer(usual.get()), () -> withinBudget(second), scheduler);
        });
    }

    private <T> Optional<Flux<T>> withinBudget(Supplier<Optional<Flux<T>>> second) {
        return budget.tryTake() ? second.get() : Optional.empty();
    }

    private Duration longer(Duration usual) {
        return usual.compareTo(atLeast) > 0 ? usual : atLeast;
    }
}
