package io.mlflowgateway.server.upstream;

import io.mlflowgateway.server.provider.UpstreamResponse;
import io.netty.channel.EventLoop;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * What comes of an exchange, whichever is first: the transport's answer or its fault, the verdict of the watch, or that
 * the caller leaves. All that comes later concerns nobody, and is dropped without a word.
 *
 * <p>A fault is handed on by the loop the exchange began on. There its caller leaves, too, so none is under way to a
 * caller that has left. For one subscription.
 */
final class Outcome extends Mono<UpstreamResponse> {
    private enum State {
        OPEN,
        SETTLED,
        CALLER_GONE
    }

    private static final Runnable NOTHING = () -> {};

    private final Flux<UpstreamResponse> source;
    private final EventLoop loop;
    private final Consumer<Runnable> leave;
    private final ContextView told;
    private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);
    private volatile @Nullable Settling settling;

    /**
     * @param source gives one answer at most
     * @param leave ends what runs; called when the source failed, and whenever the caller leaves, so perhaps twice. It is
     *     given what cancels the source, and runs that where and when it does no harm
     * @param told what the source finds in its context
     */
    Outcome(Flux<UpstreamResponse> source, EventLoop loop, Consumer<Runnable> leave, ContextView told) {
        this.source = source;
        this.loop = loop;
        this.leave = leave;
        this.told = told;
    }

    @Override
    public void subscribe(CoreSubscriber<? super UpstreamResponse> actual) {
        Settling only = new Settling(actual);
        settling = only;
        source.subscribe(only);
    }

    /** Ends it with this fault, if it has not ended before. */
    void fail(Throwable fault) {
        Settling waiting = settling;
        if (waiting != null) {
            waiting.fail(fault);
        }
    }

    private final class Settling implements CoreSubscriber<UpstreamResponse>, Subscription {
        private final CoreSubscriber<? super UpstreamResponse> actual;
        private final Context context;
        private volatile @Nullable Subscription upstream;

        Settling(CoreSubscriber<? super UpstreamResponse> actual) {
            this.actual = actual;
            this.context = actual.currentContext().putAll(told);
        }

        @Override
        public Context currentContext() {
            return context;
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            upstream = subscription;
            actual.onSubscribe(this);
        }

        @Override
        public void onNext(UpstreamResponse answer) {
            if (settle()) {
                actual.onNext(answer);
                actual.onComplete();
            }
        }

        @Override
        public void onError(Throwable fault) {
            if (settle()) {
                leave.accept(NOTHING);
                handOn(fault);
            }
        }

        @Override
        public void onComplete() {
            if (settle()) {
                leave.accept(NOTHING);
                handOn(new IllegalStateException("the transport ended without an answer or a fault"));
            }
        }

        @Override
        public void request(long n) {
            Subscription source = upstream;
            if (source != null) {
                source.request(n);
            }
        }

        @Override
        public void cancel() {
            // Also when an answer was handed on: a caller that left before it read the stream never will.
            boolean open = state.getAndSet(State.CALLER_GONE) == State.OPEN;
            leave.accept(open ? this::cancelUpstream : NOTHING);
        }

        private void fail(Throwable fault) {
            if (settle()) {
                leave.accept(this::cancelUpstream);
                handOn(fault);
            }
        }

        private boolean settle() {
            return state.compareAndSet(State.OPEN, State.SETTLED);
        }

        private void cancelUpstream() {
            Subscription source = upstream;
            if (source != null) {
                source.cancel();
            }
        }

        private void handOn(Throwable fault) {
            if (loop.inEventLoop() || loop.isShutdown()) {
                deliver(fault);
            } else {
                loop.execute(() -> deliver(fault));
            }
        }

        private void deliver(Throwable fault) {
            if (state.get() != State.CALLER_GONE) {
                actual.onError(fault);
            }
        }
    }
}
