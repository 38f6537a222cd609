package io.mlflowgateway.langchain4j.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.test.scheduler.VirtualTimeScheduler;

class IdleWatchTest {

    private static final Duration IDLE = Duration.ofSeconds(10);

    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final TestPublisher<String> source = TestPublisher.create();

    @Test
    void silence_fails_the_stream_and_cancels_its_source() {
        StepVerifier.create(IdleWatch.over(source.flux(), IDLE, timer))
                .then(() -> source.next("one"))
                .expectNext("one")
                .then(() -> timer.advanceTimeBy(IDLE.plusSeconds(1)))
                .verifyErrorMatches(failure -> failure instanceof TimeoutException);

        source.assertCancelled();
    }

    @Test
    void every_piece_begins_the_wait_again() {
        Duration almost = IDLE.minusSeconds(1);

        StepVerifier.create(IdleWatch.over(source.flux(), IDLE, timer))
                .then(() -> timer.advanceTimeBy(almost))
                .then(() -> source.next("one"))
                .then(() -> timer.advanceTimeBy(almost))
                .then(() -> source.next("two"))
                .then(() -> timer.advanceTimeBy(almost))
                .then(source::complete)
                .expectNext("one", "two")
                .verifyComplete();
    }

    @Test
    void a_look_at_the_clock_at_the_moment_somebody_asks_again_ends_nothing() {
        AtomicReference<Runnable> whenAskedForTheTime = new AtomicReference<>(() -> {});
        Scheduler watched = new Interrupted(timer, whenAskedForTheTime);

        StepVerifier.create(IdleWatch.over(source.flux(), IDLE, watched), 0)
                .expectSubscription()
                .then(() -> timer.advanceTimeBy(IDLE.multipliedBy(5)))
                .then(() -> whenAskedForTheTime.set(() -> timer.advanceTimeBy(IDLE)))
                .thenRequest(1)
                .then(() -> source.next("one"))
                .expectNext("one")
                .then(source::complete)
                .verifyComplete();
    }

    @Test
    void time_in_which_nobody_asks_for_more_does_not_count() {
        StepVerifier.create(IdleWatch.over(source.flux(), IDLE, timer), 1)
                .then(() -> source.next("one"))
                .expectNext("one")
                .then(() -> timer.advanceTimeBy(IDLE.multipliedBy(5)))
                .thenRequest(1)
                .then(() -> timer.advanceTimeBy(IDLE.minusSeconds(1)))
                .then(() -> source.next("two"))
                .expectNext("two")
                .then(source::complete)
                .verifyComplete();
    }

    @Test
    void the_timer_ends_with_the_stream() {
        StepVerifier.create(IdleWatch.over(source.flux(), IDLE, timer))
                .then(source::complete)
                .verifyComplete();

        assertThat(timer.getScheduledTaskCount()).isGreaterThan(0);
        timer.advanceTimeBy(IDLE.multipliedBy(3));
        source.assertWasNotCancelled();
    }

    @Test
    void what_is_cut_off_is_cancelled_once_and_ends_once() {
        AtomicBoolean cancelled = new AtomicBoolean();
        TestPublisher<Throwable> reason = TestPublisher.create();
        Flux<String> endless = Flux.<String>never().doOnCancel(() -> cancelled.set(true));

        StepVerifier.create(CutOff.of(endless, reason.mono()))
                .then(() -> reason.emit(new IllegalStateException("enough")))
                .verifyErrorMessage("enough");

        assertThat(cancelled).isTrue();
    }

    @Test
    void whoever_leaves_takes_the_watch_along() {
        TestPublisher<Throwable> reason = TestPublisher.create();

        StepVerifier.create(CutOff.of(source.flux(), reason.mono()))
                .thenCancel()
                .verify();

        source.assertCancelled();
        reason.assertCancelled();
    }

    /** A timer on which something else happens, once, when it is asked for the time. */
    private record Interrupted(Scheduler timer, AtomicReference<Runnable> once) implements Scheduler {

        @Override
        public long now(TimeUnit unit) {
            once.getAndSet(() -> {}).run();
            return timer.now(unit);
        }

        @Override
        public Disposable schedule(Runnable task) {
            return timer.schedule(task);
        }

        @Override
        public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
            return timer.schedule(task, delay, unit);
        }

        @Override
        public Worker createWorker() {
            return timer.createWorker();
        }
    }
}
