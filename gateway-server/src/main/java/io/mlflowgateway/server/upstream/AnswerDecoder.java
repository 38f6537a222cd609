package io.mlflowgateway.server.upstream;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.util.ReferenceCountUtil;

/**
 * Reads the answers on a connection. Bytes that no request asked for, before the first, between two, or behind the end of
 * an answer, end the connection: they would be taken for the beginning of the next call's answer.
 */
final class AnswerDecoder extends HttpResponseDecoder {
    /** Of the status line and of all headers of an answer together. */
    private static final int STATUS_LINE_BYTES = 8 * 1024;

    private static final int HEAD_BYTES = 32 * 1024;

    /** As much as one read brings. */
    private static final int PART_BYTES = 64 * 1024;

    private final Connection connection;

    AnswerDecoder(Connection connection) {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength(STATUS_LINE_BYTES)
                .setMaxHeaderSize(HEAD_BYTES)
                .setMaxChunkSize(PART_BYTES));
        this.connection = connection;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        if (!connection.bytesCome()) {
            ReferenceCountUtil.release(message);
            context.close();
            return;
        }
        super.channelRead(context, message);
        if (connection.ended() && actualReadableBytes() > 0) {
            context.close();
        }
    }
}
