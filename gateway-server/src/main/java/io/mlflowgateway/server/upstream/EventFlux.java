package io.mlflowgateway.server.upstream;

import io.mlflowgateway.server.provider.SseEvent;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.util.concurrent.Queues;
import reactor.util.context.Context;

/**
 * The events of a stream, read from the socket only as they are asked for: one buffer at a time, and the next only when
 * all events of the last are gone and more are wanted. The idle limit counts exactly while such a buffer is awaited, so
 * a slow reader never runs into it.
 *
 * <p>Cancelling cancels the source, with one exception: a reader that leaves at {@code [DONE]} has all it wants, and the
 * end of the answer is a moment away. The connection gets that moment, so that it can be used again.
 */
final class EventFlux extends Flux<SseEvent> {
    private static final Duration LINGER = Duration.ofMillis(200);
    private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);

    private final Flux<ByteBuf> source;
    private final int eventLimitBytes;
    private final AnswerMemory.Share share;
    private final Watch watch;
    private final Duration idle;
    private final EventLoop loop;
    private final UnaryOperator<Optional<Throwable>> ending;

    /**
     * @param share holds what of the stream is in memory, as far as it is much
     * @param loop hands on what fails: there the reader leaves, too, so no fault is under way to one that has left
     * @param ending turns the way the transport ended (well, or by what it threw) into what the caller is told
     */
    EventFlux(
            Flux<ByteBuf> source,
            int eventLimitBytes,
            AnswerMemory.Share share,
            Watch watch,
            Duration idle,
            EventLoop loop,
            UnaryOperator<Optional<Throwable>> ending) {
        this.source = source;
        this.eventLimitBytes = eventLimitBytes;
        this.share = share;
        this.watch = watch;
        this.idle = idle;
        this.loop = loop;
        this.ending = ending;
    }

    @Override
    public void subscribe(CoreSubscriber<? super SseEvent> actual) {
        source.subscribe(new Reader(actual));
    }

    private final class Reader implements CoreSubscriber<ByteBuf>, Subscription {
        private final CoreSubscriber<? super SseEvent> actual;
        private final SseParser parser = new SseParser(eventLimitBytes);
        private final Queue<SseEvent> ready = Queues.<SseEvent>unbounded(32).get();
        private final AtomicLong wanted = new AtomicLong();
        private final AtomicInteger draining = new AtomicInteger();
        private volatile boolean awaiting;
        private volatile boolean done;
        private volatile boolean cancelled;
        private volatile boolean atDone;
        // Written before done.
        private Optional<Throwable> fault = Optional.empty();
        private @Nullable Subscription upstream;

        Reader(CoreSubscriber<? super SseEvent> actual) {
            this.actual = actual;
        }

        @Override
        public Context currentContext() {
            return actual.currentContext();
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            upstream = subscription;
            actual.onSubscribe(this);
        }

        @Override
        public void onNext(ByteBuf buffer) {
            if (done || cancelled) {
                return;
            }
            watch.pause();
            byte[] bytes = new byte[buffer.readableBytes()];
            buffer.readBytes(bytes);
            try {
                parser.feed(bytes, ready::add);
                share.hold(parser.heldBytes() + bytes.length);
                share.keep(parser.heldBytes() + bytes.length);
            } catch (RuntimeException broken) {
                cancelUpstream();
                end(Optional.of(broken));
                return;
            }
            awaiting = false;
            drain();
        }

        @Override
        public void onError(Throwable thrown) {
            end(ending.apply(Optional.of(thrown)));
        }

        @Override
        public void onComplete() {
            if (!done) {
                if (!cancelled) {
                    parser.end(ready::add);
                }
                end(ending.apply(Optional.empty()));
            }
        }

        @Override
        public void request(long n) {
            if (Operators.validate(n)) {
                wanted.accumulateAndGet(n, Operators::addCap);
                drain();
            }
        }

        @Override
        public void cancel() {
            cancelled = true;
            if (atDone && !done && upstream != null) {
                watch.begin(Watch.Phase.END, LINGER);
                upstream.request(Long.MAX_VALUE);
            } else {
                over();
                cancelUpstream();
            }
            drain();
        }

        private void end(Optional<Throwable> why) {
            if (!done) {
                over();
                fault = why;
                done = true;
                drain();
            }
        }

        private void over() {
            watch.stop();
            share.release();
        }

        private void cancelUpstream() {
            if (upstream != null) {
                upstream.cancel();
            }
        }

        // One thread at a time; whoever comes meanwhile leaves a mark and the one inside goes round again.
        private void drain() {
            if (draining.getAndIncrement() != 0) {
                return;
            }
            int missed = 1;
            do {
                if (!handOver()) {
                    // Never set back: nothing may be sent after the end.
                    return;
                }
                awaitMore();
                missed = draining.addAndGet(-missed);
            } while (missed != 0);
        }

        /** @return false when the end has been signalled or the caller left */
        private boolean handOver() {
            long asked = wanted.get();
            long sent = 0;
            while (true) {
                if (cancelled) {
                    ready.clear();
                    return false;
                }
                boolean last = done;
                if (ready.isEmpty() && last) {
                    signalEnd();
                    return false;
                }
                SseEvent event = sent == asked ? null : ready.poll();
                if (event == null) {
                    break;
                }
                atDone = Arrays.equals(event.data(), DONE);
                actual.onNext(event);
                sent++;
            }
            if (asked != Long.MAX_VALUE) {
                wanted.addAndGet(-sent);
            }
            return true;
        }

        private void signalEnd() {
            fault.ifPresentOrElse(this::handOn, actual::onComplete);
        }

        private void handOn(Throwable why) {
            if (loop.inEventLoop() || loop.isShutdown()) {
                actual.onError(why);
            } else {
                loop.execute(() -> deliver(why));
            }
        }

        private void deliver(Throwable why) {
            if (!cancelled) {
                actual.onError(why);
            }
        }

        private void awaitMore() {
            if (upstream != null && !awaiting && !done && ready.isEmpty() && wanted.get() > 0) {
                awaiting = true;
                watch.begin(Watch.Phase.STREAM_IDLE, idle);
                upstream.request(1);
            }
        }
    }
}
