package io.mlflowgateway.server.http;

import io.mlflowgateway.server.config.Limits;
import io.mlflowgateway.server.config.Timeouts;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Failure.Kind;
import io.mlflowgateway.server.query.Observer;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A caller's connection: takes requests one after the other, in the order they came, collects each body within its
 * limits and hands it to an {@link Exchange}. All state belongs to the channel's event loop.
 */
final class Connection extends ChannelDuplexHandler {
    /** Sent by the server when it shuts down: finish what runs, take nothing new. */
    static final Object DRAIN = new Object();

    /** Sent when the drain time is over: fail what still runs. */
    static final Object CUT = new Object();

    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    private final Site site;
    private final Wire wire;
    private final HeadReader heads;
    private final RequestDecoder decoder;
    private final Timeouts timeouts;
    private final Limits limits;
    private final BodyMemory memory;
    private final Observer observer;
    private final Queue<Object> waiting = new ArrayDeque<>();

    private @Nullable Exchange exchange;
    private @Nullable Endpoint endpoint;
    private BodyBuffer body;
    private boolean bodyEnded = true;
    /** The answer is out; what is left of the body is only read away. */
    private boolean answered;

    private boolean closing;
    private boolean draining;
    private @Nullable PhaseTimer timer;

    Connection(
            Site site,
            Wire wire,
            HeadReader heads,
            RequestDecoder decoder,
            Timeouts timeouts,
            Limits limits,
            BodyMemory memory,
            Observer observer) {
        this.site = site;
        this.wire = wire;
        this.heads = heads;
        this.decoder = decoder;
        this.timeouts = timeouts;
        this.limits = limits;
        this.memory = memory;
        this.observer = observer;
        this.body = new BodyBuffer(0, memory);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        timer = new PhaseTimer(context.executor());
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        timer().await(timeouts.keepAlive(), context::close);
        context.fireChannelActive();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        Exchange current = exchange;
        if (event == RequestDecoder.HEAD_BEGINS) {
            if (current == null) {
                timer().await(timeouts.requestHead(), () -> headLate(context));
            }
        } else if (event == DRAIN) {
            draining = true;
            if (current == null) {
                context.close();
            } else {
                current.closeAfterwards();
            }
        } else if (event == CUT && current != null) {
            refuse(context, current, Failure.of(Kind.UNAVAILABLE, "the gateway is shutting down"));
        } else {
            context.fireUserEventTriggered(event);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (closing) {
            ReferenceCountUtil.release(message);
        } else if (bodyEnded && exchange != null) {
            // Pipelined: it waits its turn. Reading stops, so what waits is at most one read.
            waiting.add(message);
            context.channel().config().setAutoRead(false);
        } else {
            take(context, message);
        }
    }

    private void take(ChannelHandlerContext context, Object message) {
        try {
            if (message instanceof HttpRequest request) {
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
        Head head = heads.read(request);
        boolean keepAlive = HttpUtil.isKeepAlive(request) && !draining;
        Exchange next = exchange(context, head, keepAlive);
        exchange = next;
        endpoint = null;
        answered = false;
        bodyEnded = false;
        body = new BodyBuffer(limits.requestBody(), memory);
        Optional<Failure> problem = heads.problem(head, request);
        if (problem.isPresent()) {
            refuse(context, next, problem.get());
            return;
        }
        if (HttpUtil.getContentLength(request, 0L) > limits.requestBody()) {
            refuse(context, next, tooLarge());
            return;
        }
        timer().await(timeouts.requestBody(), () -> refuse(context, next, bodyLate()));
        try {
            endpoint = site.endpoint(head);
        } catch (Failure failure) {
            if (HttpUtil.is100ContinueExpected(request)) {
                refuse(context, next, failure);
            } else {
                next.fail(failure);
            }
            return;
        } catch (RuntimeException bug) {
            next.fail(bug);
            return;
        }
        if (HttpUtil.is100ContinueExpected(request)) {
            context.writeAndFlush(new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
        }
    }

    private Exchange exchange(ChannelHandlerContext context, Head head, boolean keepAlive) {
        return new Exchange(context, site, wire, head, keepAlive, observer, another -> answered(context, another));
    }

    private void collect(ChannelHandlerContext context, HttpContent content) {
        Exchange current = exchange;
        if (current == null || current.closesAfterwards() && answered) {
            return;
        }
        if (content.decoderResult().isFailure()) {
            refuse(context, current, Failure.of(Kind.INVALID_REQUEST, "malformed HTTP body"));
            return;
        }
        current.received(content.content().readableBytes());
        // A body nobody will read is counted, not kept.
        BodyBuffer.Added added = endpoint == null ? body.skip(content.content()) : body.add(content.content());
        if (added != BodyBuffer.Added.ALL) {
            refuse(context, current, added == BodyBuffer.Added.TOO_LARGE ? tooLarge() : crowded());
            return;
        }
        if (content instanceof LastHttpContent) {
            bodyEnded = true;
            bodyComplete(context, current);
        }
    }

    private void bodyComplete(ChannelHandlerContext context, Exchange current) {
        Endpoint by = endpoint;
        endpoint = null;
        if (by != null) {
            awaitEnd(context, current);
            current.answerBy(by, body.take());
        } else if (answered) {
            next(context);
        }
    }

    /** The answer is out. The next request starts once this one's body has been read to its end. */
    private void answered(ChannelHandlerContext context, boolean another) {
        answered = true;
        body.release();
        if (!another) {
            closeGently(context);
        } else if (bodyEnded && !closing) {
            // Not from here: a thousand pipelined requests answered at once would nest a thousand calls deep.
            if (waiting.isEmpty()) {
                next(context);
            } else {
                context.executor().execute(() -> next(context));
            }
        }
    }

    private void next(ChannelHandlerContext context) {
        answered = false;
        exchange = null;
        if (draining) {
            context.close();
            return;
        }
        if (decoder.midHead()) {
            timer().await(timeouts.requestHead(), () -> headLate(context));
        } else {
            timer().await(timeouts.keepAlive(), context::close);
        }
        Object message;
        while ((message = waiting.poll()) != null) {
            take(context, message);
            if (bodyEnded && exchange != null) {
                return;
            }
        }
        context.channel().config().setAutoRead(true);
    }

    /** Refuses and closes: what is still coming of the request is not read as a request. */
    private void refuse(ChannelHandlerContext context, Exchange current, Failure failure) {
        current.closeAfterwards();
        endpoint = null;
        body.release();
        if (answered) {
            closeGently(context);
        } else {
            current.fail(failure);
        }
    }

    private void headLate(ChannelHandlerContext context) {
        Exchange nameless = exchange(context, heads.nameless(), false);
        exchange = nameless;
        answered = false;
        bodyEnded = false;
        nameless.fail(Failure.of(Kind.REQUEST_TIMEOUT, "the request head did not arrive in time"));
    }

    private void awaitEnd(ChannelHandlerContext context, Exchange current) {
        timer().await(current.head().notes().deadline().left().plus(HttpServer.GRACE), () -> overdue(context, current));
    }

    /** Every stage has its own timer and should have failed the exchange before. */
    private void overdue(ChannelHandlerContext context, Exchange current) {
        if (!current.head().notes().deadline().left().isZero()) {
            // Its route, known since, allows more time.
            awaitEnd(context, current);
            return;
        }
        current.closeAfterwards();
        current.fail(Failure.of(Kind.UPSTREAM_TIMEOUT, "the exchange took longer than it may in total"));
        timer().await(HttpServer.LINGER, context::close);
    }

    /**
     * Closes so that the last answer reaches the caller: our side is shut, and what still comes is thrown away for a
     * moment, since closing on unread bytes would reset the connection and drop the answer on the caller's side.
     */
    private void closeGently(ChannelHandlerContext context) {
        if (closing) {
            return;
        }
        closing = true;
        releaseWaiting();
        context.channel().config().setAutoRead(true);
        timer().await(HttpServer.LINGER, context::close);
        if (context.channel() instanceof DuplexChannel duplex) {
            duplex.shutdownOutput().addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
        } else {
            context.close();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (exchange != null) {
            exchange.writabilityChanged();
        }
        context.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        timer().cancel();
        if (exchange != null) {
            exchange.abandon();
        }
        closing = true;
        body.release();
        releaseWaiting();
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // A caller that resets its connection is ordinary; channelInactive cancels what ran for it.
        LOG.debug("connection failed", cause);
        context.close();
    }

    private void releaseWaiting() {
        waiting.forEach(ReferenceCountUtil::release);
        waiting.clear();
    }

    private PhaseTimer timer() {
        PhaseTimer present = timer;
        if (present == null) {
            throw new IllegalStateException("not in a pipeline");
        }
        return present;
    }

    private Failure tooLarge() {
        return Failure.of(Kind.TOO_LARGE, "the request body is larger than " + limits.requestBody() + " bytes");
    }

    private static Failure crowded() {
        return Failure.of(Kind.UNAVAILABLE, "too many large request bodies at once; try again in a moment")
                .retryAfter("1");
    }

    private static Failure bodyLate() {
        return Failure.of(Kind.REQUEST_TIMEOUT, "the request body did not arrive in time");
    }
}
