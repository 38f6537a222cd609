package io.mlflowgateway.server.upstream;

import io.mlflowgateway.server.provider.Framing;
import io.mlflowgateway.server.provider.SseEvent;
import io.mlflowgateway.server.query.Failure;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/**
 * The events of a stream, read from the socket only as they are asked for: one buffer at a time, and the next only when
 * all events of the last are gone and more are wanted. The idle limit counts exactly while such a buffer is awaited, so
 * a slow reader never runs into it.
 *
 * <p>Cancelling closes the connection, with one exception: a reader that leaves at the last event of its framing has all it
 * wants, and the connection is used again. For one subscriber; works on the exchange's loop, faults are handed on at its home.
 */
final class EventFlux extends Flux<SseEvent> implements Subscription {
    private final Exchange exchange;
    private final AnswerMemory.Share share;
    private final Framing framing;
    private final EventReader events;
    private final Queue<SseEvent> ready = new ArrayDeque<>(4);
    private final AtomicBoolean taken = new AtomicBoolean();
    private volatile @Nullable CoreSubscriber<? super SseEvent> actual;
    private volatile boolean left;

    // On the exchange's loop only.
    private boolean subscribed;
    private long wanted;
    private boolean handing;
    private boolean atDone;
    private boolean ended;
    private boolean told;
    private Optional<Throwable> fault = Optional.empty();
    /** Runs while the answer has ended, and its reader has not all of it. */
    private @Nullable ScheduledFuture<?> mostTime;

    /**
     * @param framing whose last event is the end
     * @param limitBytes of one event
     * @param share holds what of the stream is in memory, as far as it is much
     */
    EventFlux(Exchange exchange, Framing framing, int limitBytes, AnswerMemory.Share share) {
        this.exchange = exchange;
        this.framing = framing;
        this.events = EventReader.of(framing, limitBytes);
        this.share = share;
    }

    @Override
    public void subscribe(CoreSubscriber<? super SseEvent> reader) {
        if (taken.getAndSet(true)) {
            Operators.error(reader, new IllegalStateException("the stream has been left, or is read already"));
            return;
        }
        actual = reader;
        reader.onSubscribe(this);
        exchange.runOn(exchange.loop(), this::subscribed);
    }

    private void subscribed() {
        subscribed = true;
        handOver();
    }

    @Override
    public void request(long n) {
        if (!Operators.validate(n)) {
            return;
        }
        if (exchange.loop().inEventLoop()) {
            want(n);
        } else {
            exchange.runOn(exchange.loop(), () -> want(n));
        }
    }

    private void want(long n) {
        wanted = Operators.addCap(wanted, n);
        handOver();
    }

    @Override
    public void cancel() {
        left = true;
        exchange.runOn(exchange.loop(), this::leave);
    }

    private void leave() {
        if (ended) {
            drop();
        } else if (atDone) {
            exchange.linger();
        } else {
            exchange.leave();
        }
    }

    /** The exchange is over, and nobody is told. */
    void abandon() {
        taken.set(true);
        left = true;
        ended = true;
        drop();
    }

    private void drop() {
        ready.clear();
        allRead();
    }

    /** The next bytes. Throws a {@link Failure} when they break a limit, after the events before it were handed over. */
    void take(ByteBuf part) {
        if (left) {
            return;
        }
        byte[] bytes = new byte[part.readableBytes()];
        part.readBytes(bytes);
        try {
            events.feed(bytes, ready::add);
            long held = (long) events.heldBytes() + bytes.length;
            share.hold(held);
            share.keep(held);
        } finally {
            handOver();
        }
    }

    /** Nothing more comes: what is ready is handed over, then how it ended. */
    void ended(Optional<Throwable> why) {
        if (ended) {
            return;
        }
        ended = true;
        fault = why;
        if (why.isEmpty() && !left) {
            fault = endOfEvents();
        }
        handOver();
        if (!told && !left) {
            long most = exchange.deadline().left().toNanos();
            mostTime = exchange.loop().schedule(this::tooLate, most, TimeUnit.NANOSECONDS);
        }
    }

    /** The answer has ended well, as far as HTTP knows; the stream in it need not have. */
    private Optional<Throwable> endOfEvents() {
        try {
            events.end(ready::add);
            return Optional.empty();
        } catch (Failure cut) {
            return Optional.of(cut);
        }
    }

    /** Its reader took too long. */
    private void tooLate() {
        if (!told && !left) {
            ready.clear();
            fault = Optional.of(exchange.tooLate());
            handOver();
        }
    }

    /** Whether it has nothing ready and somebody wants more. */
    boolean awaits() {
        return wanted > 0 && ready.isEmpty() && !ended && !left;
    }

    private void handOver() {
        CoreSubscriber<? super SseEvent> reader = actual;
        if (handing || !subscribed || reader == null) {
            return;
        }
        handing = true;
        while (!left && wanted > 0 && !ready.isEmpty()) {
            SseEvent event = ready.remove();
            if (wanted != Long.MAX_VALUE) {
                wanted--;
            }
            atDone = framing.isLast(event);
            reader.onNext(event);
        }
        handing = false;
        if (left) {
            ready.clear();
        } else if (ended && ready.isEmpty()) {
            tell(reader);
        } else if (awaits()) {
            exchange.more();
        }
    }

    private void tell(CoreSubscriber<? super SseEvent> reader) {
        if (told) {
            return;
        }
        told = true;
        allRead();
        fault.ifPresentOrElse(why -> exchange.runOn(exchange.home(), () -> tell(reader, why)), reader::onComplete);
    }

    private void tell(CoreSubscriber<? super SseEvent> reader, Throwable why) {
        if (!left) {
            reader.onError(why);
        }
    }

    private void allRead() {
        share.release();
        if (mostTime != null) {
            mostTime.cancel(false);
            mostTime = null;
        }
    }
}
