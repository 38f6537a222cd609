package io.mlflowgateway.server.upstream;

import io.mlflowgateway.server.query.Failure;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

/**
 * Gathers an answer up to a limit, counted after decompression, within the memory that all answers share. What came in
 * one read is not copied again; more is kept in parts, and put together once.
 *
 * <p>Past the limit the source is cancelled and the result is an {@code UPSTREAM_INVALID} failure, past what all answers
 * may hold {@code UNAVAILABLE}.
 */
final class WholeBody extends Mono<byte[]> {
    private static final int SMALLEST = 8 * 1024;
    private static final int LARGEST = 64 * 1024;
    private static final byte[] EMPTY = {};

    private final Flux<ByteBuf> source;
    private final int limitBytes;
    private final AnswerMemory.Share share;

    /** @param share holds the answer's bytes once when it has been handed on, and several times until then */
    WholeBody(Flux<ByteBuf> source, int limitBytes, AnswerMemory.Share share) {
        this.source = source;
        this.limitBytes = limitBytes;
        this.share = share;
    }

    @Override
    public void subscribe(CoreSubscriber<? super byte[]> actual) {
        source.subscribe(new Gathering(actual));
    }

    private final class Gathering implements CoreSubscriber<ByteBuf>, Subscription {
        private final CoreSubscriber<? super byte[]> actual;
        private final List<byte[]> full = new ArrayList<>(0);
        private byte[] last = EMPTY;
        private int inLast;
        private int length;
        private boolean done;
        private @Nullable Subscription upstream;

        Gathering(CoreSubscriber<? super byte[]> actual) {
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
        public void request(long n) {
            if (upstream != null) {
                upstream.request(Long.MAX_VALUE);
            }
        }

        @Override
        public void cancel() {
            if (upstream != null) {
                upstream.cancel();
            }
        }

        @Override
        public void onNext(ByteBuf part) {
            if (done) {
                return;
            }
            try {
                add(part);
            } catch (Failure tooMuch) {
                cancel();
                onError(tooMuch);
            }
        }

        @Override
        public void onError(Throwable fault) {
            if (!done) {
                done = true;
                actual.onError(fault);
            }
        }

        @Override
        public void onComplete() {
            if (done) {
                return;
            }
            byte[] whole;
            try {
                whole = whole();
            } catch (Failure tooMuch) {
                onError(tooMuch);
                return;
            }
            done = true;
            actual.onNext(whole);
            actual.onComplete();
            share.keep(whole.length);
        }

        private void add(ByteBuf part) {
            int added = part.readableBytes();
            if (added > limitBytes - length) {
                throw Failure.of(
                        Failure.Kind.UPSTREAM_INVALID,
                        "the provider's answer is larger than the limit of " + limitBytes + " bytes");
            }
            int room = Math.min(added, last.length - inLast);
            part.readBytes(last, inLast, room);
            inLast += room;
            length += added;
            if (part.isReadable()) {
                grow(part);
            }
        }

        private void grow(ByteBuf part) {
            int left = part.readableBytes();
            int before = length - left;
            // As large as all before, so that many small reads make few arrays.
            int size = before == 0 ? left : Math.max(left, Math.min(LARGEST, Math.max(SMALLEST, before)));
            share.hold((long) before + size);
            if (before > 0) {
                full.add(last);
            }
            last = new byte[size];
            part.readBytes(last, 0, left);
            inLast = left;
        }

        private byte[] whole() {
            share.holdForHandingOn(length);
            if (full.isEmpty()) {
                return inLast == last.length ? last : Arrays.copyOf(last, inLast);
            }
            byte[] whole = new byte[length];
            int at = 0;
            for (byte[] part : full) {
                System.arraycopy(part, 0, whole, at, part.length);
                at += part.length;
            }
            System.arraycopy(last, 0, whole, at, inLast);
            full.clear();
            last = EMPTY;
            return whole;
        }
    }
}
