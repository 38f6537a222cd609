package io.mlflowgateway.server.upstream;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import reactor.netty.Connection;
import reactor.netty.NettyPipeline;

/** Sits before the HTTP codec of a connection and sees whether a byte of an answer came, and which request it is. */
final class Answering extends ChannelInboundHandlerAdapter {
    private volatile int requests;
    private volatile boolean answered;

    /** Puts one on a new connection, behind TLS. */
    static void install(Connection connection) {
        if (connection.channel().pipeline().get(Answering.class) == null) {
            connection.channel().pipeline().addBefore(NettyPipeline.HttpCodec, "gateway.answering", new Answering());
        }
    }

    /** A request begins on this connection. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // written on the channel's loop only
    static Answering begin(Channel channel) {
        Answering answering = channel.pipeline().get(Answering.class);
        answering.requests++;
        answering.answered = false;
        return answering;
    }

    /** Whether the connection had served a request before the present one. */
    boolean reused() {
        return requests > 1;
    }

    boolean answered() {
        return answered;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        answered = true;
        context.fireChannelRead(message);
    }
}
