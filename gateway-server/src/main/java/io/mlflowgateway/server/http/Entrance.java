package io.mlflowgateway.server.http;

import io.mlflowgateway.server.query.Observer.Refusal;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Where connections come in: each gets what it needs to be served, or is turned away. */
final class Entrance extends ChannelInitializer<SocketChannel> {
    /** So many at once are told why they are turned away; more are closed without a word. */
    private static final int MOST_TOLD = 256;

    /** Beside the target, in a request line. */
    private static final int METHOD_AND_VERSION = 64;

    /** Bytes of a body that are handed on at once: all that came in one read, so that most bodies are never put together. */
    private static final int BODY_PART = 64 * 1024;

    private final Edge edge;
    private final Door door;
    private final AtomicInteger told = new AtomicInteger();

    Entrance(Edge edge, Door door) {
        this.edge = edge;
        this.door = door;
    }

    @Override
    protected void initChannel(SocketChannel channel) {
        Optional<Refusal> refusal = door.enter(channel);
        if (refusal.isEmpty()) {
            serve(channel);
        } else {
            edge.observer().connectionRefused(refusal.get());
            turnAway(channel);
        }
    }

    private void serve(SocketChannel channel) {
        LinuxSockets.keepLittleUnsent(channel);
        RequestDecoder decoder = new RequestDecoder(decoding(), new HeadScan(edge.limits()));
        channel.pipeline()
                .addLast(new WriteWatch(edge.timeouts().writeIdle()))
                .addLast(decoder)
                .addLast(new Connection(edge, decoder));
    }

    private void turnAway(Channel channel) {
        if (told.incrementAndGet() > MOST_TOLD) {
            told.decrementAndGet();
            channel.close();
            return;
        }
        channel.closeFuture().addListener(closed -> told.decrementAndGet());
        channel.pipeline().addLast(new TurnedAway(edge));
    }

    private HttpDecoderConfig decoding() {
        return new HttpDecoderConfig()
                .setMaxInitialLineLength(edge.limits().url() + METHOD_AND_VERSION)
                .setMaxHeaderSize(edge.limits().requestHead())
                .setMaxChunkSize(BODY_PART)
                .setStrictLineParsing(true)
                .setUseRfc9112TransferEncoding(true);
    }
}
