package io.mlflowgateway.server.http;

import io.mlflowgateway.server.query.Ending;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Route;
import io.mlflowgateway.server.query.StreamCaps;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

/**
 * One request and its answer on a connection. Lives on the connection's event loop; signals that come from elsewhere hop
 * there first. Ends exactly once: answered, failed, or cancelled because the caller left.
 */
final class Exchange {
    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

    private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);

    /** What the connection does when the exchange is over. */
    interface Owner {
        /** @param keepAlive whether another request may follow on this connection */
        void answered(boolean keepAlive);
    }

    /**
     * Tells Reactor, under the name it has for that, whom to tell of errors that come after a cancellation: what fails when
     * its caller has left is no error in the log.
     */
    private static final Context QUIET =
            Context.of("reactor.onErrorDropped.local", (Consumer<Throwable>) Exchange::late);

    private final ChannelHandlerContext channel;
    private final Edge edge;
    private final Head head;
    private final Owner owner;
    private final Disposable.Swap running = Disposables.swap();
    private boolean keepAlive;
    private boolean headSent;
    private boolean over;
    private StreamOut stream = StreamOut.NONE;
    private int status;
    private Optional<Failure> failure = Optional.empty();
    private long bytesIn;
    private long bytesOut;
    private boolean ended;

    /** Begins: the observer is told. */
    Exchange(ChannelHandlerContext channel, Edge edge, Head head, boolean keepAlive, Owner owner) {
        this.channel = channel;
        this.edge = edge;
        this.head = head;
        this.keepAlive = keepAlive;
        this.owner = owner;
        edge.observer().began(head.notes());
    }

    Head head() {
        return head;
    }

    /** The connection will not be used again after this exchange. */
    void closeAfterwards() {
        keepAlive = false;
    }

    boolean closesAfterwards() {
        return !keepAlive;
    }

    /** So many bytes of the body have come. */
    void received(int bytes) {
        bytesIn += bytes;
    }

    /** Starts the work. The endpoint's answer comes on any thread. */
    void answerBy(Endpoint endpoint, byte[] body) {
        AnswerIn subscriber = new AnswerIn();
        running.update(subscriber);
        try {
            Mono.defer(() -> endpoint.answer(head, body)).subscribe(subscriber);
        } catch (LinkageError | VirtualMachineError e) {
            // Passed through by Reactor: without this the caller would see no more than a closed connection.
            fail(e);
        }
    }

    /** Refuses, or fails what has begun. Does nothing when the exchange is already over. */
    void fail(Throwable problem) {
        if (over) {
            return;
        }
        running.dispose();
        Failure refusal = asFailure(problem);
        failure = Optional.of(refusal);
        if (!headSent) {
            send(edge.site().failure(head, refusal));
            return;
        }
        keepAlive = false;
        channel.write(event(edge.site().failureEvent(head, refusal)));
        endStream(Ending.Outcome.CUT);
    }

    /** The caller left: whatever runs for it is cancelled. */
    void abandon() {
        over = true;
        running.dispose();
        end(Ending.Outcome.CALLER_GONE);
    }

    /** Gives up on an answer that cannot be brought to its end, without a word to the caller. */
    void cut(Failure reason) {
        over = true;
        running.dispose();
        failure = Optional.of(reason);
        end(Ending.Outcome.CUT);
    }

    private void end(Ending.Outcome outcome) {
        if (!ended) {
            ended = true;
            head.notes().over();
            Duration took = Duration.ofNanos(System.nanoTime() - head.notes().beganNanos());
            edge.observer().ended(head.notes(), new Ending(outcome, status, failure, bytesIn, bytesOut, took));
        }
    }

    /** The channel's send buffer has drained, or filled. */
    void writabilityChanged() {
        stream.resume();
    }

    private Failure asFailure(Throwable problem) {
        if (problem instanceof Failure failure) {
            return failure;
        }
        LOG.atError()
                .addKeyValue("request_id", head.id())
                .setCause(problem)
                .log("request {}: a bug, answered with 500", head.id());
        return Failure.of(Failure.Kind.BUG, "internal error; the log names it by request id " + head.id());
    }

    private void send(Answer answer) {
        if (over) {
            discard(answer);
            return;
        }
        if (answer instanceof Answer.Whole whole) {
            // Made first: an answer that cannot be written must still be able to fail.
            keepAlive = keepAlive && !edge.stopping().announced();
            ByteBuf message = edge.wire().whole(channel.alloc(), head, whole, keepAlive);
            over = true;
            status = whole.status();
            bytesOut = whole.body().length;
            channel.writeAndFlush(message).addListener(written -> answered(written, Ending.Outcome.ANSWERED));
        } else if (answer instanceof Answer.Events events) {
            stream = new EventsOut(events);
            // Not update: that would cancel the Mono the stream came from, and with it what is held for the stream.
            running.replace(stream);
            events.data().subscribe((EventsOut) stream);
        }
    }

    /** The caller left before its answer came. A stream must still be subscribed, or its upstream is never let go. */
    private static void discard(Answer answer) {
        if (answer instanceof Answer.Events events) {
            events.data().subscribe(new BaseSubscriber<byte[]>() {
                @Override
                protected void hookOnSubscribe(Subscription subscription) {
                    subscription.cancel();
                }
            });
        }
    }

    private void endStream(Ending.Outcome outcome) {
        over = true;
        ChannelFuture last = channel.writeAndFlush(Wire.end(chunked()));
        last.addListener(written -> answered(written, outcome));
    }

    private ByteBuf event(byte[] payload) {
        return Wire.event(channel.alloc(), payload, chunked());
    }

    private boolean chunked() {
        return !head.http10();
    }

    private void answered(Future<?> written, Ending.Outcome outcome) {
        end(written.isSuccess() ? outcome : Ending.Outcome.CALLER_GONE);
        owner.answered(keepAlive && written.isSuccess());
    }

    private static void late(Throwable problem) {
        LOG.debug("failed after the caller had left", problem);
    }

    private void onLoop(Runnable action) {
        if (channel.executor().inEventLoop()) {
            action.run();
        } else {
            channel.executor().execute(() -> orFail(action));
        }
    }

    /** A task of the loop that throws would only be logged, and its caller left to wait. */
    private void orFail(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException | LinkageError | VirtualMachineError e) {
            fail(e);
        }
    }

    /** Takes the one answer. */
    private final class AnswerIn extends BaseSubscriber<Answer> {
        private boolean any;

        @Override
        public Context currentContext() {
            return QUIET;
        }

        @Override
        protected void hookOnNext(Answer answer) {
            any = true;
            onLoop(() -> send(answer));
        }

        @Override
        protected void hookOnError(Throwable problem) {
            onLoop(() -> fail(problem));
        }

        @Override
        protected void hookOnComplete() {
            if (!any) {
                onLoop(() -> fail(new IllegalStateException("an endpoint gave no answer")));
            }
        }
    }

    /** A stream on its way out, as far as the connection needs to know it. */
    private abstract static class StreamOut extends BaseSubscriber<byte[]> {
        static final StreamOut NONE = new StreamOut() {
            @Override
            void resume() {}
        };

        abstract void resume();

        @Override
        public Context currentContext() {
            return QUIET;
        }
    }

    /**
     * Writes one event at a time and asks for the next only while the channel takes more, so that a slow reader slows the
     * upstream down instead of filling the heap.
     */
    private final class EventsOut extends StreamOut {
        private final Answer.Events answer;
        private final StreamCaps caps;
        private long events;
        private boolean asked;

        EventsOut(Answer.Events answer) {
            this.answer = answer;
            this.caps = head.notes().route().map(Route::streamCaps).orElse(StreamCaps.NONE);
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            asked = true;
            request(1);
        }

        @Override
        protected void hookOnNext(byte[] payload) {
            onLoop(() -> write(payload));
        }

        @Override
        protected void hookOnComplete() {
            onLoop(this::complete);
        }

        @Override
        protected void hookOnError(Throwable problem) {
            onLoop(() -> fail(problem));
        }

        @Override
        void resume() {
            if (!asked && !over && channel.channel().isWritable()) {
                asked = true;
                request(1);
            }
        }

        private void write(byte[] payload) {
            if (over) {
                return;
            }
            events++;
            if (!caps.allow(events, bytesOut + payload.length)) {
                fail(caps.exceeded(events));
                return;
            }
            sendHead();
            asked = false;
            bytesOut += payload.length;
            channel.write(event(payload), channel.voidPromise());
            if (Arrays.equals(payload, DONE)) {
                // The end of the stream follows at once, and leaves with it.
                channel.executor().execute(channel::flush);
            } else {
                channel.flush();
            }
            resume();
        }

        private void complete() {
            if (!over) {
                sendHead();
                endStream(Ending.Outcome.ANSWERED);
            }
        }

        private void sendHead() {
            if (!headSent) {
                keepAlive = keepAlive && !head.http10() && !edge.stopping().announced();
                ByteBuf message = edge.wire().streamHead(channel.alloc(), head, answer, keepAlive, chunked());
                headSent = true;
                status = answer.status();
                channel.write(message, channel.voidPromise());
            }
        }
    }
}
