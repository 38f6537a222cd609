package io.mlflowgateway.server.upstream;

import io.mlflowgateway.server.provider.Framing;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.HttpContentDecompressor;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.util.ReferenceCountUtil;
import java.util.Arrays;
import java.util.List;

/**
 * Decompresses the answers of a connection, piece by piece, but for event streams: those it refuses. Put into its pipeline
 * when the first compressed one comes.
 */
final class Inflating extends HttpContentDecompressor {
    static final String NAME = "gateway.inflating";

    Inflating() {
        super(false, 0);
    }

    /** Whether an answer with these headers needs it. */
    static boolean isNeededFor(HttpHeaders headers) {
        String transfer = headers.get(HttpHeaderNames.TRANSFER_ENCODING);
        return isCompressed(headers) || (transfer != null && !transfer.equalsIgnoreCase("chunked"));
    }

    private static boolean isCompressedStream(HttpHeaders headers) {
        return isNeededFor(headers) && isEventStream(headers.get(HttpHeaderNames.CONTENT_TYPE, ""));
    }

    private static boolean isEventStream(String contentType) {
        return Arrays.stream(Framing.values()).anyMatch(framing -> framing.isThatOf(contentType));
    }

    private static boolean isCompressed(HttpHeaders headers) {
        String coding = headers.get(HttpHeaderNames.CONTENT_ENCODING);
        return coding != null && !coding.equalsIgnoreCase("identity");
    }

    @Override
    protected void decode(ChannelHandlerContext context, HttpObject part, List<Object> out) throws Exception {
        if (part.decoderResult().isFailure()) {
            // It would be handed on as a good one.
            context.fireChannelRead(ReferenceCountUtil.retain(part));
        } else if (part instanceof HttpResponse head && isCompressedStream(head.headers())) {
            // One read would become a thousand, and they would all wait in memory for the caller.
            throw new DecoderException("a compressed event stream, which nobody asked for");
        } else {
            super.decode(context, part, out);
        }
    }
}
