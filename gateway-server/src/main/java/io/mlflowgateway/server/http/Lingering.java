package io.mlflowgateway.server.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes so that what was sent reaches the caller: our side is shut, and what still comes is thrown away for a moment,
 * since closing on unread bytes would reset the connection and drop the answer on the caller's side.
 */
final class Lingering extends ChannelInboundHandlerAdapter {
    /** How long at most. */
    static final Duration MOST = Duration.ofSeconds(2);

    private @Nullable ScheduledFuture<?> end;

    private Lingering() {}

    /** Begins, once everything is written. On the channel's event loop; nobody else sees a byte from then on. */
    static void begin(Channel channel) {
        if (channel.isActive()) {
            channel.pipeline().addFirst(new Lingering());
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        context.channel().config().setAutoRead(true);
        end = context.executor().schedule((Runnable) context::close, MOST.toMillis(), TimeUnit.MILLISECONDS);
        if (context.channel() instanceof DuplexChannel duplex) {
            duplex.shutdownOutput().addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
        } else {
            context.close();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ReferenceCountUtil.release(message);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        ScheduledFuture<?> pending = end;
        if (pending != null) {
            pending.cancel(false);
        }
        context.fireChannelInactive();
    }
}
