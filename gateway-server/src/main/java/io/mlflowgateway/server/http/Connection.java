package io.mlflowgateway.server.http;

import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Failure.Kind;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A caller's connection: its requests one after the other, in the order they came, and what may happen between and
 * beside them. All state belongs to the channel's event loop.
 */
final class Connection extends ChannelInboundHandlerAdapter {
    /** Sent by the server when it stops: an idle connection gets a last chance, no longer its keep-alive time. */
    static final Object DRAIN = new Object();

    /** Sent when the drain time is over: fail what still runs. */
    static final Object CUT = new Object();

    /**
     * How long a connection may lie idle while the server stops. A caller that keeps connections may have put a request on
     * its way just now; one used less often than this is no likelier to be asked within it than after it.
     */
    static final Duration LAST_CHANCE = Duration.ofSeconds(2);

    /** How long a caller that sent too much ahead is left unread: only reading shows whether it is still there. */
    private static final Duration UNREAD = Duration.ofMillis(500);

    /** Past an exchange's deadline until its connection is cut, for the failure to reach the caller first. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    private final Edge edge;
    private final RequestDecoder decoder;

    /** Of the request on its way; null between two. */
    private @Nullable Intake intake;
    /** Its answer is out; what is left of its body is only read away. */
    private boolean answered;

    private boolean closing;
    private long idleSince;
    private @Nullable PhaseTimer timer;

    Connection(Edge edge, RequestDecoder decoder) {
        this.edge = edge;
        this.decoder = decoder;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        timer = new PhaseTimer(context.executor());
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        idle(context);
        context.fireChannelActive();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == RequestDecoder.HEAD_BEGINS) {
            timer().await(edge.timeouts().requestHead(), () -> headLate(context));
        } else if (event == RequestDecoder.FULL) {
            Intake now = intake;
            context.executor().schedule(() -> stopReadingAhead(now), UNREAD.toMillis(), TimeUnit.MILLISECONDS);
        } else if (event == WriteWatch.STUCK) {
            drop(context, Failure.of(Kind.REQUEST_TIMEOUT, "the caller took nothing of its answer for too long"));
        } else if (event == DRAIN) {
            drain(context);
        } else if (event == CUT) {
            cut(context);
        } else {
            context.fireUserEventTriggered(event);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            if (message instanceof HttpRequest request && !closing) {
                begin(context, request);
            }
            if (message instanceof HttpContent content && !closing) {
                collect(context, content);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void begin(ChannelHandlerContext context, HttpRequest request) {
        Intake next = begin(context, edge.heads().read(request), HttpUtil.isKeepAlive(request));
        Optional<Failure> refusal = next.judge(request);
        if (refusal.isPresent()) {
            refuse(context, next, refusal.get());
            return;
        }
        timer().await(edge.timeouts().requestBody(), () -> bodyLate(context, next));
        boolean asksFirst = HttpUtil.is100ContinueExpected(request);
        next.find(asksFirst);
        if (asksFirst && next.awaited()) {
            context.writeAndFlush(Wire.goOn());
        }
    }

    private Intake begin(ChannelHandlerContext context, Head head, boolean keepAlive) {
        Intake next =
                new Intake(edge, new Exchange(context, edge, head, keepAlive, another -> answered(context, another)));
        intake = next;
        answered = false;
        return next;
    }

    private void collect(ChannelHandlerContext context, HttpContent content) {
        Intake current = intake;
        if (current == null || (answered && current.exchange().closesAfterwards())) {
            return;
        }
        Optional<Failure> refusal = current.add(content);
        if (refusal.isPresent()) {
            refuse(context, current, refusal.get());
        } else if (current.ended() && current.awaited()) {
            awaitEnd(context, current);
            current.handOver();
        } else if (current.ended() && answered) {
            turnToNext(context);
        }
    }

    /** The answer is out. The next request starts once this one's body has been read to its end. */
    private void answered(ChannelHandlerContext context, boolean another) {
        answered = true;
        Intake current = intake;
        if (current != null) {
            current.release();
        }
        if (!another) {
            closeGently(context);
        } else if (current != null && current.ended()) {
            turnToNext(context);
        }
    }

    private void turnToNext(ChannelHandlerContext context) {
        if (decoder.bytesWait()) {
            // Not from here: a thousand pipelined requests answered at once would nest a thousand calls deep.
            context.executor().execute(() -> next(context));
        } else {
            next(context);
        }
    }

    private void next(ChannelHandlerContext context) {
        if (!closing) {
            intake = null;
            idle(context);
            decoder.resume();
        }
    }

    private void idle(ChannelHandlerContext context) {
        idleSince = System.nanoTime();
        Duration most = edge.timeouts().keepAlive();
        boolean last = edge.stopping().draining() && LAST_CHANCE.compareTo(most) < 0;
        timer().await(last ? LAST_CHANCE : most, () -> closeGently(context));
    }

    /** A request whose first byte has come counts as running. */
    private void drain(ChannelHandlerContext context) {
        if (intake == null && !decoder.midHead()) {
            Duration idle = Duration.ofNanos(System.nanoTime() - idleSince);
            timer().await(LAST_CHANCE.minus(idle), () -> closeGently(context));
        }
    }

    private void cut(ChannelHandlerContext context) {
        Failure reason = Failure.of(Kind.UNAVAILABLE, "the gateway is shutting down");
        Intake current = intake;
        if (current != null) {
            refuse(context, current, reason);
        } else if (decoder.midHead()) {
            refuseNameless(context, reason);
        } else {
            closeGently(context);
        }
    }

    /** Refuses and closes: what is still coming of the request is not read as a request. */
    private void refuse(ChannelHandlerContext context, Intake current, Failure failure) {
        decoder.stop();
        current.exchange().closeAfterwards();
        current.release();
        if (answered) {
            closeGently(context);
        } else {
            current.exchange().fail(failure);
        }
    }

    private void refuseNameless(ChannelHandlerContext context, Failure failure) {
        refuse(context, begin(context, edge.heads().nameless(), false), failure);
    }

    private void headLate(ChannelHandlerContext context) {
        refuseNameless(context, Failure.of(Kind.REQUEST_TIMEOUT, "the request head did not arrive in time"));
    }

    private void bodyLate(ChannelHandlerContext context, Intake current) {
        refuse(context, current, Failure.of(Kind.REQUEST_TIMEOUT, "the request body did not arrive in time"));
    }

    /**
     * The caller sent more behind its request than is read ahead, and the request still runs: from here on it is read
     * only to see whether the caller is still there, and what it sends is thrown away.
     */
    private void stopReadingAhead(@Nullable Intake since) {
        if (since != null && since == intake && !answered && !closing) {
            since.exchange().closeAfterwards();
            decoder.stop();
        }
    }

    private void awaitEnd(ChannelHandlerContext context, Intake current) {
        Duration left = current.exchange().head().notes().deadline().left();
        timer().await(left.plus(GRACE), () -> overdue(context, current));
    }

    /** Every stage has its own timer and should have failed the exchange before. */
    private void overdue(ChannelHandlerContext context, Intake current) {
        if (!current.exchange().head().notes().deadline().left().isZero()) {
            // Its route, known since, allows more time.
            awaitEnd(context, current);
            return;
        }
        Failure late = Failure.of(Kind.UPSTREAM_TIMEOUT, "the exchange took longer than it may in total");
        refuse(context, current, late);
        if (!closing) {
            timer().await(Lingering.MOST, () -> drop(context, late));
        }
    }

    /** Resets the connection: what waits in the kernel for a caller that takes nothing is let go as well. */
    private void drop(ChannelHandlerContext context, Failure reason) {
        if (intake != null) {
            intake.exchange().cut(reason);
        }
        context.channel().config().setOption(ChannelOption.SO_LINGER, 0);
        context.close();
    }

    private void closeGently(ChannelHandlerContext context) {
        if (!closing) {
            closing = true;
            timer().cancel();
            decoder.stop();
            Lingering.begin(context.channel());
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (intake != null) {
            intake.exchange().writabilityChanged();
        }
        context.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        timer().cancel();
        closing = true;
        if (intake != null) {
            intake.exchange().abandon();
            intake.release();
        }
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException || cause instanceof DecoderException) {
            // A caller that resets its connection is ordinary; channelInactive cancels what ran for it.
            LOG.debug("connection failed", cause);
        } else {
            LOG.error("a bug; the connection is closed", cause);
        }
        context.close();
    }

    private PhaseTimer timer() {
        PhaseTimer present = timer;
        if (present == null) {
            throw new IllegalStateException("not in a pipeline");
        }
        return present;
    }
}
