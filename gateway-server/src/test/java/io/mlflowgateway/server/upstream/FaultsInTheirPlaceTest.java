package io.mlflowgateway.server.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.provider.SseEvent;
import io.mlflowgateway.server.provider.UpstreamResponse;
import io.mlflowgateway.server.query.Deadline;
import io.mlflowgateway.server.query.MemoryCap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.context.Context;

/** A fault, on whatever thread it is found, meets its caller on the loop where the caller leaves. */
class FaultsInTheirPlaceTest {
    private static final UpstreamResponse ANSWER = new UpstreamResponse.Whole(200, Optional.empty(), "", new byte[0]);

    private final EventLoop loop = new DefaultEventLoop();
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final Sinks.Many<UpstreamResponse> transport =
            Sinks.many().unicast().onBackpressureBuffer();
    private final AtomicInteger left = new AtomicInteger();
    private final Outcome outcome = new Outcome(transport.asFlux(), loop, this::leave, Context.empty());

    @AfterEach
    void stop() {
        goOn.countDown();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    @Test
    void a_fault_is_handed_on_by_the_loop() {
        Caller<UpstreamResponse> caller = subscribed(outcome);

        assertThat(transport.tryEmitError(new IOException("reset"))).isEqualTo(Sinks.EmitResult.OK);

        settle();
        assertThat(caller.fault).hasMessage("reset");
        assertThat(caller.onLoop).isTrue();
        assertThat(left).hasValue(1);
    }

    @Test
    void a_caller_that_leaves_before_its_fault_is_handed_on_never_hears_of_it() {
        Caller<UpstreamResponse> caller = subscribed(outcome);
        leavesInAMoment(caller);

        assertThat(transport.tryEmitError(new IOException("reset"))).isEqualTo(Sinks.EmitResult.OK);

        settle();
        assertThat(caller.fault).isNull();
    }

    @Test
    void a_caller_that_leaves_a_stream_before_its_fault_is_handed_on_never_hears_of_it() {
        Sinks.Many<ByteBuf> bytes = Sinks.many().unicast().onBackpressureBuffer();
        Watch watch = new Watch(loop, "host", Deadline.in(Duration.ofSeconds(20)), late -> {}, () -> {});
        Flux<SseEvent> events = new EventFlux(
                bytes.asFlux(),
                1_000,
                new AnswerMemory(new MemoryCap(1_000)).share(),
                watch,
                Duration.ofSeconds(20),
                loop,
                UnaryOperator.identity());
        Caller<SseEvent> caller = subscribed(events);
        leavesInAMoment(caller);

        assertThat(bytes.tryEmitError(new IOException("reset"))).isEqualTo(Sinks.EmitResult.OK);

        settle();
        assertThat(caller.fault).isNull();
    }

    @Test
    void the_first_to_come_is_what_counts() {
        Caller<UpstreamResponse> caller = subscribed(outcome);

        outcome.fail(new IOException("late"));
        Sinks.EmitResult unused = transport.tryEmitNext(ANSWER);
        outcome.fail(new IOException("later"));

        settle();
        assertThat(caller.fault).hasMessage("late");
        assertThat(caller.value).isNull();
    }

    @Test
    void a_transport_that_says_nothing_at_all_is_a_fault() {
        Caller<UpstreamResponse> caller = subscribed(outcome);

        transport.tryEmitComplete().orThrow();

        settle();
        assertThat(caller.fault).isInstanceOf(IllegalStateException.class);
        assertThat(left).hasValue(1);
    }

    @Test
    void a_caller_that_leaves_with_its_answer_in_hand_leaves_all_the_same() {
        Caller<UpstreamResponse> caller = subscribed(outcome.flatMap(answer -> Mono.never()));
        transport.tryEmitNext(ANSWER).orThrow();

        caller.dispose();

        assertThat(left).hasValue(1);
    }

    private void leave(Runnable cancel) {
        left.incrementAndGet();
        cancel.run();
    }

    private <T> Caller<T> subscribed(Publisher<? extends T> publisher) {
        Caller<T> caller = new Caller<>();
        publisher.subscribe(caller);
        return caller;
    }

    /** The loop is busy, and what it does next is that the caller leaves. */
    private void leavesInAMoment(Caller<?> caller) {
        loop.execute(this::keepBusy);
        loop.execute(caller::dispose);
    }

    /** A loop must not wait, so it counts. */
    private void keepBusy() {
        long turns = 0;
        while (goOn.getCount() > 0) {
            turns++;
        }
        assertThat(turns).isNotNegative();
    }

    private void settle() {
        goOn.countDown();
        loop.submit(() -> {}).syncUninterruptibly();
    }

    private final class Caller<T> extends BaseSubscriber<T> {
        volatile @Nullable T value;
        volatile @Nullable Throwable fault;
        volatile boolean onLoop;

        @Override
        protected void hookOnNext(T given) {
            value = given;
        }

        @Override
        protected void hookOnError(Throwable thrown) {
            fault = thrown;
            onLoop = loop.inEventLoop();
        }
    }
}
