package io.mlflowgateway.server.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import reactor.netty.Connection;
import reactor.netty.NettyPipeline;

/**
 * Sits before the HTTP codec of a connection and sees whether a byte of an answer came, and which request it is. Bytes
 * that no request asked for, before the first, between two, or behind the end of an answer, end the connection: they
 * would be taken for the beginning of the next call's answer.
 *
 * <p>The next call may wait in line, and then has the connection while the read that brought the end of the answer is
 * still under way. Its request is held until that read is over, so that what came with the end cannot pass for its answer.
 */
final class Answering extends ChannelDuplexHandler {
    // All: event loop only.
    private @Nullable Turn turn;
    private boolean asked;
    private boolean endedInThisRead;
    private boolean flushes;
    private final Queue<Held> held = new ArrayDeque<>();

    /** Whether the connection has been handed to an exchange, now or before. */
    static boolean isOn(Channel channel) {
        return channel.pipeline().get(Answering.class) != null;
    }

    /** Puts one on a new connection, behind TLS, and its partner behind the codec. */
    static void install(Connection connection) {
        if (!isOn(connection.channel())) {
            Answering answering = new Answering();
            connection
                    .channel()
                    .pipeline()
                    .addBefore(NettyPipeline.HttpCodec, "gateway.answering", answering)
                    .addAfter(NettyPipeline.HttpCodec, "gateway.final-answers", new FinalAnswers(answering));
        }
    }

    /** A request's turn on this connection. Empty when the connection has closed meanwhile: its handlers are gone. */
    static Optional<Turn> begin(Channel channel) {
        Answering answering = channel.pipeline().get(Answering.class);
        if (answering == null) {
            return Optional.empty();
        }
        Turn next = new Turn(channel);
        answering.turn = next;
        return Optional.of(next);
    }

    /** Whether a request is out whose answer has not ended. */
    boolean asked() {
        return asked;
    }

    /** The answer's last byte was read. */
    void ended() {
        asked = false;
        endedInThisRead = true;
        if (turn != null) {
            turn.ends();
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (endedInThisRead) {
            held.add(new Held(message, promise));
        } else {
            asked = true;
            context.write(message, promise);
        }
    }

    @Override
    public void flush(ChannelHandlerContext context) {
        if (held.isEmpty()) {
            context.flush();
        } else {
            flushes = true;
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        endedInThisRead = false;
        for (Held next = held.poll(); next != null; next = held.poll()) {
            write(context, next.message, next.promise);
        }
        if (flushes) {
            flushes = false;
            context.flush();
        }
        context.fireChannelReadComplete();
    }

    /** The connection has closed. */
    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        for (Held next = held.poll(); next != null; next = held.poll()) {
            ReferenceCountUtil.release(next.message);
            next.promise.tryFailure(new ClosedChannelException());
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!asked) {
            ReferenceCountUtil.release(message);
            context.close();
            return;
        }
        if (turn != null) {
            turn.answerBegins();
        }
        ByteBuf bytes = ((ByteBuf) message).retain();
        try {
            context.fireChannelRead(bytes);
            // What the codec left over of a read that held the end of an answer.
            if (endedInThisRead && bytes.isReadable()) {
                context.close();
            }
        } finally {
            bytes.release();
        }
    }

    private record Held(Object message, ChannelPromise promise) {}
}
