package io.mlflowgateway.server.upstream;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * The bytes of an answer, which can be left at any time and from any thread. The transport closes the connection of
 * whoever leaves while bytes wait to be read, also when the answer has ended and another call is on the connection by
 * then. Here the rest of such an answer is read away; only an answer that is still coming is ended with its connection.
 */
final class LeavableBody extends Flux<ByteBuf> {
    private final Flux<ByteBuf> source;
    private final Turn turn;
    private final AtomicBoolean taken = new AtomicBoolean();
    private volatile @Nullable Reader reader;

    /** @param source for one subscriber; bytes that nobody subscribes to are read away by {@link #discard} */
    LeavableBody(Flux<ByteBuf> source, Turn turn) {
        this.source = source;
        this.turn = turn;
    }

    @Override
    public void subscribe(CoreSubscriber<? super ByteBuf> actual) {
        if (taken.getAndSet(true)) {
            Operators.error(actual, new IllegalStateException("the answer has been left, or is read already"));
        } else {
            Reader only = new Reader(actual, turn);
            reader = only;
            source.subscribe(only);
        }
    }

    /** Reads away the rest of an answer that has ended. Who reads it sees its end. On the connection's loop. */
    void discard() {
        Reader reading = reader;
        if (reading != null) {
            reading.end();
        } else if (!taken.getAndSet(true)) {
            Disposable unused = source.subscribe(bytes -> {}, thrown -> {});
        }
    }

    private static final class Reader implements CoreSubscriber<ByteBuf>, Subscription {
        private final CoreSubscriber<? super ByteBuf> actual;
        private final Turn turn;
        private volatile boolean left;
        // On the connection's loop only.
        private boolean ended;
        private volatile @Nullable Subscription upstream;

        Reader(CoreSubscriber<? super ByteBuf> actual, Turn turn) {
            this.actual = actual;
            this.turn = turn;
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
        public void onNext(ByteBuf bytes) {
            if (!left) {
                actual.onNext(bytes);
            }
        }

        @Override
        public void onError(Throwable thrown) {
            ended = true;
            if (!left) {
                actual.onError(thrown);
            }
        }

        @Override
        public void onComplete() {
            ended = true;
            if (!left) {
                actual.onComplete();
            }
        }

        @Override
        public void request(long n) {
            Subscription from = upstream;
            if (from != null && Operators.validate(n)) {
                from.request(n);
            }
        }

        @Override
        public void cancel() {
            left = true;
            turn.onItsLoop(this::leave);
        }

        private void end() {
            boolean nobody = left || ended;
            left = true;
            leave();
            if (!nobody) {
                actual.onComplete();
            }
        }

        private void leave() {
            Subscription from = upstream;
            if (from == null || ended) {
                return;
            }
            if (turn.over()) {
                from.request(Long.MAX_VALUE);
            } else {
                from.cancel();
            }
        }
    }
}
