package io.mlflowgateway.server.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Notices a caller that takes nothing of what is being sent to it. Stands next to the socket, so that it sees each
 * buffer; looks now and then, and only while something could not be sent at once.
 */
final class WriteWatch extends ChannelOutboundHandlerAdapter {
    /** Fired through the pipeline when the caller took nothing for the whole time. */
    static final Object STUCK = new Object();

    /** So often it looks within the time: the caller has up to a quarter more. */
    private static final int LOOKS = 4;

    private final Duration limit;
    private boolean watching;
    private long written;
    private long taken;
    private long takenOfNext;
    private long since;

    /** @param limit for the caller to take anything */
    WriteWatch(Duration limit) {
        this.limit = limit;
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        written++;
        context.write(message, promise);
    }

    @Override
    public void flush(ChannelHandlerContext context) {
        context.flush();
        ChannelOutboundBuffer buffer = context.channel().unsafe().outboundBuffer();
        if (!watching && buffer != null && !buffer.isEmpty()) {
            watching = true;
            note(buffer);
            lookLater(context);
        }
    }

    private void lookLater(ChannelHandlerContext context) {
        long nanos = Math.max(limit.toNanos() / LOOKS, 1_000_000);
        context.executor().schedule(() -> look(context), nanos, TimeUnit.NANOSECONDS);
    }

    private void look(ChannelHandlerContext context) {
        ChannelOutboundBuffer buffer = context.channel().unsafe().outboundBuffer();
        if (buffer == null || buffer.isEmpty()) {
            watching = false;
            return;
        }
        if (took(buffer) != taken || buffer.currentProgress() != takenOfNext) {
            note(buffer);
        } else if (System.nanoTime() - since >= limit.toNanos()) {
            context.fireUserEventTriggered(STUCK);
            return;
        }
        lookLater(context);
    }

    private void note(ChannelOutboundBuffer buffer) {
        taken = took(buffer);
        takenOfNext = buffer.currentProgress();
        since = System.nanoTime();
    }

    /** How many buffers are gone to the socket. Between two tasks of the loop everything written is flushed. */
    private long took(ChannelOutboundBuffer buffer) {
        return written - buffer.size();
    }
}
