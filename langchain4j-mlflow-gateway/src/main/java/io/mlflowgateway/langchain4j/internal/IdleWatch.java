package io.mlflowgateway.langchain4j.internal;

import static reactor.core.publisher.Sinks.EmitFailureHandler.FAIL_FAST;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * Fails a stream with {@link TimeoutException} when nothing comes for too long although more was asked for. Reactor's own
 * {@code timeout} also counts the time a slow reader takes, which would end healthy streams.
 */
final class IdleWatch {

    private final long idleNanos;
    private final Scheduler timer;
    private final AtomicLong outstanding = new AtomicLong();
    private final Sinks.Empty<Void> expired = Sinks.empty();
    private final Disposable.Swap next = Disposables.swap();
    private volatile long quietSince;

    private IdleWatch(Duration idle, Scheduler timer) {
        this.idleNanos = idle.toNanos();
        this.timer = timer;
    }

    static <T> Flux<T> over(Flux<T> source, Duration idle, Scheduler timer) {
        return Flux.defer(() -> new IdleWatch(idle, timer).watching(source));
    }

    private <T> Flux<T> watching(Flux<T> source) {
        Mono<Throwable> tooQuiet = expired.asMono().then(Mono.fromSupplier(this::silence));
        return CutOff.of(source.doOnRequest(this::asked).doOnNext(item -> came()), tooQuiet)
                .doOnSubscribe(subscription -> checkIn(idleNanos))
                .doFinally(signal -> next.dispose());
    }

    private void asked(long more) {
        // The time first: a look at the clock between the two must not find an old one.
        if (outstanding.get() == 0) {
            quietSince = now();
        }
        outstanding.accumulateAndGet(more, Operators::addCap);
    }

    private void came() {
        quietSince = now();
        outstanding.decrementAndGet();
    }

    private void checkIn(long nanos) {
        next.update(timer.schedule(this::check, nanos, TimeUnit.NANOSECONDS));
    }

    private void check() {
        long quiet = outstanding.get() > 0 ? now() - quietSince : 0;
        if (quiet < idleNanos) {
            checkIn(idleNanos - quiet);
        } else {
            expired.emitEmpty(FAIL_FAST);
        }
    }

    private TimeoutException silence() {
        return new TimeoutException("no data for " + Duration.ofNanos(idleNanos));
    }

    private long now() {
        return timer.now(TimeUnit.NANOSECONDS);
    }
}
