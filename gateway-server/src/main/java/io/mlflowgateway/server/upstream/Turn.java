package io.mlflowgateway.server.upstream;

import io.netty.channel.Channel;

/**
 * One request's turn on a connection, from its first byte to the last of its answer. After that the connection belongs to
 * whoever comes next, so whatever ends this exchange must not touch it.
 */
final class Turn {
    private final Channel channel;
    private volatile boolean answered;
    // Written and read on the channel's loop only.
    private boolean over;

    Turn(Channel channel) {
        this.channel = channel;
    }

    Channel channel() {
        return channel;
    }

    /** Whether a byte of the answer came. */
    boolean answered() {
        return answered;
    }

    /** Whether the answer's last byte was read. On the channel's loop only. */
    boolean over() {
        return over;
    }

    void answerBegins() {
        answered = true;
    }

    void ends() {
        over = true;
    }

    /** Does this on the channel's loop: there alone it is certain whose turn it is. Now, when called there. */
    void onItsLoop(Runnable action) {
        onLoopOf(channel, action);
    }

    static void onLoopOf(Channel channel, Runnable action) {
        if (channel.eventLoop().inEventLoop()) {
            action.run();
        } else {
            channel.eventLoop().execute(action);
        }
    }
}
