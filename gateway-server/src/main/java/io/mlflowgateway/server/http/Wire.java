package io.mlflowgateway.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;

/** Makes Netty's messages out of answers: lengths, framing, and the headers every answer carries. */
final class Wire {
    private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = "\n\n".getBytes(StandardCharsets.US_ASCII);

    private final HttpDate date;

    Wire(HttpDate date) {
        this.date = date;
    }

    /** A whole answer. HEAD gets the length but not the bytes. */
    HttpResponse whole(Head head, Answer.Whole answer, boolean keepAlive) {
        boolean bodiless = head.method().equals("HEAD");
        ByteBuf content = bodiless ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(answer.body());
        DefaultFullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(answer.status()), content);
        fill(response.headers(), head, answer, keepAlive);
        response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, answer.body().length);
        return response;
    }

    /** The head of an event stream. HTTP/1.0 has no chunks: there the stream ends with the connection. */
    HttpResponse streamHead(Head head, Answer.Events answer, boolean keepAlive, boolean chunked) {
        HttpResponse response =
                new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(answer.status()));
        fill(response.headers(), head, answer, keepAlive);
        if (chunked) {
            response.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        return response;
    }

    /** One event. */
    static HttpContent event(ByteBufAllocator allocator, byte[] payload) {
        ByteBuf buffer = allocator.buffer(payload.length + DATA.length + END.length);
        buffer.writeBytes(DATA).writeBytes(payload).writeBytes(END);
        return new DefaultHttpContent(buffer);
    }

    private void fill(HttpHeaders headers, Head head, Answer answer, boolean keepAlive) {
        answer.headers().forEach(headers::set);
        headers.set("x-request-id", head.id());
        String version = head.notes().configVersion();
        if (!version.isEmpty()) {
            headers.set("x-gateway-config-version", version);
        }
        CallHeaders.addTo(headers, head.notes());
        headers.set("x-content-type-options", "nosniff");
        headers.set(HttpHeaderNames.DATE, date.now());
        if (!keepAlive) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        } else if (head.http10()) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
        }
    }
}
