package io.mlflowgateway.server.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.group.ChannelGroup;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The way to the listening socket: notes each connection the moment it is accepted, and stops accepting with care. */
final class Listener extends ChannelInboundHandlerAdapter {
    /** So long nobody must have come before the socket is closed. */
    private static final Duration QUIET = Duration.ofMillis(100);

    private final ChannelGroup connections;
    private final AtomicLong accepted = new AtomicLong();

    /** @param connections gets every connection before it is served, so that a stop misses none */
    Listener(ChannelGroup connections) {
        this.connections = connections;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object connection) {
        accepted.incrementAndGet();
        connections.add((Channel) connection);
        context.fireChannelRead(connection);
    }

    /**
     * Takes no new connection, waits for those half-way in, and closes. Blocks until then.
     *
     * @param most to wait; zero closes at once
     */
    void close(Channel socket, Duration most) {
        long end = System.nanoTime() + most.toNanos();
        LinuxSockets.dropAttempts(socket);
        long before;
        long left;
        do {
            before = accepted.get();
            left = Math.min(QUIET.toNanos(), end - System.nanoTime());
            // The one future at hand that nothing completes meanwhile.
            socket.closeFuture().awaitUninterruptibly(left, TimeUnit.NANOSECONDS);
        } while (left > 0 && accepted.get() > before);
        socket.close().awaitUninterruptibly();
    }
}
