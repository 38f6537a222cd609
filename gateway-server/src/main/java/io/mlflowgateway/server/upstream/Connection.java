package io.mlflowgateway.server.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a pool, the last handler in its channel's pipeline. It carries one exchange after the other, each up
 * to the end of the read that brought the last byte of its answer, and is back in its pool in between. Whoever ends an
 * exchange whose turn is over leaves the connection alone.
 *
 * <p>The socket is read one buffer at a time: in between, to learn of the connection's end, and while an exchange has its
 * turn, as that asks for more. All on one loop.
 */
final class Connection extends ChannelInboundHandlerAdapter {
    /** One that stood idle too long breaks as soon as it is used; one that breaks later may have been at work. */
    private static final long STALE_NANOS = Duration.ofSeconds(1).toNanos();

    private final Pool pool;
    private final EventLoop loop;
    private final Watch watch;

    /** While it is being made, and has nothing open yet, there is none. */
    private @Nullable Channel channel;

    private @Nullable ChannelHandlerContext context;
    private @Nullable Exchange exchange;
    private @Nullable ChannelFuture sent;
    private long sentNanos;
    private boolean used;
    private boolean reused;
    private boolean answered;
    private boolean interim;
    private boolean ended;
    private boolean keepAlive;
    private boolean inRead;
    private boolean closed;

    /** Comes to nothing before it is {@link #opened}. */
    Connection(Pool pool, EventLoop loop, Exchange first) {
        this.pool = pool;
        this.loop = loop;
        this.exchange = first;
        this.watch = new Watch(loop, this::late);
    }

    EventLoop loop() {
        return loop;
    }

    Watch watch() {
        return watch;
    }

    boolean closed() {
        return closed;
    }

    /** It is being made on this channel now. */
    void attempt(Channel attempted) {
        channel = attempted;
    }

    /** It is there: its first exchange goes out on it. */
    void opened() {
        Exchange first = exchange;
        if (first != null && !closed) {
            first.goesOutOn(this);
        }
    }

    /** It could not be made, or broke. */
    void broken(Throwable why) {
        Exchange hit = ended || closed ? null : exchange;
        exchange = null;
        if (hit == null) {
            close();
        } else if (hit.goesAgain(why, used, reused && !answered && System.nanoTime() - sentNanos < STALE_NANOS)) {
            shut();
            pool.makeInstead(hit);
        } else {
            close();
            hit.broke(why);
        }
    }

    /** Nothing more is to be expected of it. */
    void close() {
        if (shut()) {
            pool.gone(this);
        }
    }

    private boolean shut() {
        if (closed) {
            return false;
        }
        closed = true;
        watch.stop();
        if (channel != null) {
            channel.close();
        }
        return true;
    }

    /** A turn begins, with this request. */
    void carry(Exchange next, ByteBuf request) {
        exchange = next;
        reused = used;
        used = true;
        answered = false;
        interim = false;
        ended = false;
        sentNanos = System.nanoTime();
        ChannelHandlerContext to = context();
        ChannelFuture written = to.writeAndFlush(request);
        sent = written;
        if (!written.isDone()) {
            written.addListener(done -> sentLater(next, done));
        } else if (!written.isSuccess()) {
            broken(written.cause());
        }
        if (!reused) {
            more();
        }
    }

    private void sentLater(Exchange whose, Future<?> written) {
        if (exchange != whose || ended) {
            return;
        }
        if (written.isSuccess()) {
            whose.sentLater();
        } else {
            broken(written.cause());
        }
    }

    /** Whether what is being read is not all handed on yet: at its end, the exchange is asked whether it wants more. */
    boolean inRead() {
        return inRead;
    }

    /** The next bytes are wanted. */
    void more() {
        if (!inRead && !closed) {
            context().read();
        }
    }

    /** Nobody waits for this exchange any more: closes the connection if it is still its turn. */
    void leave(Exchange whose) {
        if (exchange == whose && !ended) {
            exchange = null;
            close();
        }
    }

    /** The exchange it was meant for has no use for it. */
    void spare() {
        exchange = null;
        if (!used) {
            used = true;
            more();
        }
        free();
    }

    private void free() {
        watch.allowAnyTotal();
        watch.begin(Watch.Phase.IDLE, Pool.MAX_IDLE);
        pool.free(this);
    }

    /** Bytes have come. False when nobody has asked for any. */
    boolean bytesCome() {
        inRead = true;
        answered = true;
        return used && exchange != null && !ended;
    }

    /** The last byte of an answer has come in this read. */
    boolean ended() {
        return ended;
    }

    @Override
    public void channelRead(ChannelHandlerContext from, Object message) {
        Exchange now = exchange;
        if (now == null || ended) {
            ReferenceCountUtil.release(message);
            close();
            return;
        }
        HttpObject part = (HttpObject) message;
        if (part.decoderResult().isFailure()) {
            ReferenceCountUtil.release(message);
            broken(part.decoderResult().cause());
            return;
        }
        if (part instanceof HttpResponse head && !begin(now, head)) {
            return;
        }
        if (part instanceof HttpContent content) {
            take(now, content);
        }
    }

    /** @return false when the head is to come again, with what follows it decompressed, or is the end */
    private boolean begin(Exchange now, HttpResponse head) {
        interim = head.status().codeClass() == HttpStatusClass.INFORMATIONAL;
        if (head.status().code() == HttpResponseStatus.SWITCHING_PROTOCOLS.code()) {
            broken(new IllegalArgumentException("a change of protocol, which nobody asked for"));
            return false;
        }
        if (interim) {
            // Taken for the answer (RFC 9110, section 15.2) it would leave the real one for the next call.
            return true;
        }
        if (Inflating.isNeededFor(head.headers()) && context().pipeline().get(Inflating.class) == null) {
            context().pipeline().addBefore(context().name(), Inflating.NAME, new Inflating());
            context().pipeline().context(AnswerDecoder.class).fireChannelRead(head);
            return false;
        }
        keepAlive = HttpUtil.isKeepAlive(head);
        now.head(head);
        return true;
    }

    private void take(Exchange now, HttpContent content) {
        boolean last = content instanceof LastHttpContent;
        try {
            if (!interim) {
                now.body(content.content());
            }
        } finally {
            content.release();
        }
        if (last && interim) {
            interim = false;
        } else if (last && exchange == now) {
            ended = true;
            now.ended();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext from) {
        inRead = false;
        Exchange now = exchange;
        if (ended) {
            over();
        } else if (used && (now == null || now.wantsMore())) {
            from.read();
        }
    }

    /** The read that brought the end of the answer is over: what comes from here on is not part of it. */
    private void over() {
        exchange = null;
        ended = false;
        ChannelFuture request = sent;
        if (closed) {
            return;
        }
        if (!keepAlive
                || request == null
                || !request.isSuccess()
                || !context().channel().isActive()) {
            close();
            return;
        }
        context().read();
        free();
    }

    @Override
    public void channelInactive(ChannelHandlerContext from) {
        broken(new ClosedChannelException());
        from.fireChannelInactive();
    }

    /** TLS tells of its end before, and sometimes without, the end of the connection below it. */
    @Override
    public void userEventTriggered(ChannelHandlerContext from, Object event) {
        if (event instanceof SslCloseCompletionEvent) {
            if (exchange == null) {
                close();
            } else {
                // What has come is read to its end: the end of the connection may be that of the answer.
                from.channel().close();
            }
        }
        from.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext from, Throwable cause) {
        broken(cause);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    private void late(Watch.Late what) {
        Exchange waits = exchange;
        if (waits == null) {
            close();
        } else {
            waits.late(what);
        }
    }

    private ChannelHandlerContext context() {
        ChannelHandlerContext present = context;
        if (present == null) {
            throw new IllegalStateException("not in a pipeline");
        }
        return present;
    }
}
