package io.mlflowgateway.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;

/**
 * Netty's request decoder, stricter about heads: folded header lines and NUL bytes, which it would mend silently, make a
 * request invalid (RFC 9112 section 5.2). Also tells when the first byte of a head has come.
 */
final class RequestDecoder extends HttpRequestDecoder {
    /** Fired through the pipeline when a request head begins. */
    static final Object HEAD_BEGINS = new Object();

    private boolean inHead = true;
    private boolean begun;
    private boolean firstLineRead;
    private boolean dead;

    RequestDecoder(HttpDecoderConfig config) {
        super(config);
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf buffer, List<Object> out) throws Exception {
        if (dead) {
            buffer.skipBytes(buffer.readableBytes());
            return;
        }
        if (inHead && buffer.isReadable()) {
            if (!begun && !onlyEmptyLines(buffer)) {
                begun = true;
                context.fireUserEventTriggered(HEAD_BEGINS);
            }
            if (forbidden(buffer)) {
                dead = true;
                buffer.skipBytes(buffer.readableBytes());
                out.add(invalid());
                return;
            }
        }
        int before = buffer.readerIndex();
        int already = out.size();
        super.decode(context, buffer, out);
        firstLineRead = firstLineRead || buffer.readerIndex() > before;
        for (int i = already; i < out.size(); i++) {
            note(out.get(i));
        }
    }

    /** Whether the next byte belongs to a head that has begun. */
    boolean midHead() {
        return inHead && begun;
    }

    private void note(Object decoded) {
        if (decoded instanceof LastHttpContent) {
            inHead = true;
            begun = false;
            firstLineRead = false;
        } else if (decoded instanceof HttpRequest) {
            inHead = false;
        }
    }

    /** Some callers send a line break behind a body (RFC 9112 section 2.2): no head begins with that. */
    private static boolean onlyEmptyLines(ByteBuf buffer) {
        return buffer.forEachByte(b -> b == '\r' || b == '\n') < 0;
    }

    /** The decoder takes whole lines, so what is left over from the last read always begins a line. */
    private boolean forbidden(ByteBuf buffer) {
        boolean lineStart = true;
        boolean anyLine = firstLineRead;
        for (int i = buffer.readerIndex(); i < buffer.writerIndex(); i++) {
            byte b = buffer.getByte(i);
            if (b == 0 || (lineStart && anyLine && (b == ' ' || b == '\t'))) {
                return true;
            }
            if (b == '\n') {
                if (lineStart && anyLine) {
                    return false;
                }
                anyLine = anyLine || !lineStart;
                lineStart = true;
            } else if (b != '\r') {
                lineStart = false;
            }
        }
        return false;
    }

    private static HttpRequest invalid() {
        HttpRequest request =
                new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/", Unpooled.EMPTY_BUFFER);
        request.setDecoderResult(DecoderResult.failure(new IllegalArgumentException("folded line or NUL in a head")));
        return request;
    }
}
