package io.mlflowgateway.server.http;

import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Failure.Kind;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;

/** A connection there is no room for: it gets a 503 before it has asked anything, and is closed. */
final class TurnedAway extends ChannelInboundHandlerAdapter {
    private final Edge edge;

    TurnedAway(Edge edge) {
        this.edge = edge;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        Head head = edge.heads().nameless();
        Failure full = Failure.of(Kind.UNAVAILABLE, "too many connections; try again in a moment")
                .retryAfter("1");
        context.writeAndFlush(
                        edge.wire().whole(context.alloc(), head, edge.site().failure(head, full), false))
                .addListener(written -> Lingering.begin(context.channel()));
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ReferenceCountUtil.release(message);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
