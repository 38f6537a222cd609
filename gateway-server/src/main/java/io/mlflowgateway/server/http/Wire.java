package io.mlflowgateway.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Map;

/**
 * Makes bytes out of answers: lengths, framing, and the headers every answer carries. What belongs together stands in one
 * buffer, so that it leaves in one write.
 */
final class Wire {
    private static final byte[] NOTHING = {};
    private static final byte[] VERSION = ascii("HTTP/1.1 ");
    private static final byte[] NEW_LINE = ascii("\r\n");
    private static final byte[] DATA = ascii("data: ");
    private static final byte[] END = ascii("\n\n");
    private static final byte[] CONTINUE = ascii("HTTP/1.1 100 Continue\r\n\r\n");
    private static final byte[] LAST_CHUNK = ascii("0\r\n\r\n");

    /** Most heads fit in. */
    private static final int HEAD_ROOM = 768;

    /** The size of a chunk in hexadecimal, and both its line ends. */
    private static final int CHUNK_ROOM = 12;

    private static final AsciiString REQUEST_ID = AsciiString.cached("x-request-id");
    private static final AsciiString CONFIG_VERSION = AsciiString.cached("x-gateway-config-version");
    private static final AsciiString CONTENT_TYPE_OPTIONS = AsciiString.cached("x-content-type-options");
    private static final AsciiString NO_SNIFF = AsciiString.cached("nosniff");

    private final HttpDate date;

    Wire(HttpDate date) {
        this.date = date;
    }

    /** A whole answer. HEAD gets the length but not the bytes. */
    ByteBuf whole(ByteBufAllocator allocator, Head head, Answer.Whole answer, boolean keepAlive) {
        HttpHeaders headers = headers(head, answer, keepAlive);
        headers.setInt(HttpHeaderNames.CONTENT_LENGTH, answer.body().length);
        byte[] body = head.method().equals("HEAD") ? NOTHING : answer.body();
        return written(allocator.directBuffer(HEAD_ROOM + body.length), answer.status(), headers)
                .writeBytes(body);
    }

    /** The head of an event stream. HTTP/1.0 has no chunks: there the stream ends with the connection. */
    ByteBuf streamHead(
            ByteBufAllocator allocator, Head head, Answer.Events answer, boolean keepAlive, boolean chunked) {
        HttpHeaders headers = headers(head, answer, keepAlive);
        if (chunked) {
            headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        return written(allocator.directBuffer(HEAD_ROOM), answer.status(), headers);
    }

    /** One event. */
    static ByteBuf event(ByteBufAllocator allocator, byte[] payload, boolean chunked) {
        int length = DATA.length + payload.length + END.length;
        ByteBuf buffer = allocator.directBuffer(CHUNK_ROOM + length);
        if (chunked) {
            writeHex(buffer, length);
            buffer.writeBytes(NEW_LINE);
        }
        buffer.writeBytes(DATA).writeBytes(payload).writeBytes(END);
        return chunked ? buffer.writeBytes(NEW_LINE) : buffer;
    }

    /** The end of an event stream. */
    static ByteBuf end(boolean chunked) {
        return chunked ? Unpooled.wrappedBuffer(LAST_CHUNK) : Unpooled.EMPTY_BUFFER;
    }

    /** Asks the caller for the body that it has announced. */
    static ByteBuf goOn() {
        return Unpooled.wrappedBuffer(CONTINUE);
    }

    private HttpHeaders headers(Head head, Answer answer, boolean keepAlive) {
        HttpHeaders headers = new DefaultHttpHeaders();
        answer.headers().forEach(headers::set);
        headers.set(REQUEST_ID, head.id());
        String version = head.notes().configVersion();
        if (!version.isEmpty()) {
            headers.set(CONFIG_VERSION, version);
        }
        CallHeaders.addTo(headers, head.notes());
        headers.set(CONTENT_TYPE_OPTIONS, NO_SNIFF);
        headers.set(HttpHeaderNames.DATE, date.now());
        if (!keepAlive) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        } else if (head.http10()) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
        }
        return headers;
    }

    private static ByteBuf written(ByteBuf buffer, int status, HttpHeaders headers) {
        HttpResponseStatus known = HttpResponseStatus.valueOf(status);
        buffer.writeBytes(VERSION);
        write(buffer, known.codeAsText());
        buffer.writeByte(' ');
        write(buffer, known.reasonPhrase());
        buffer.writeBytes(NEW_LINE);
        Iterator<Map.Entry<CharSequence, CharSequence>> each = headers.iteratorCharSequence();
        while (each.hasNext()) {
            Map.Entry<CharSequence, CharSequence> header = each.next();
            write(buffer, header.getKey());
            buffer.writeByte(':').writeByte(' ');
            write(buffer, header.getValue());
            buffer.writeBytes(NEW_LINE);
        }
        return buffer.writeBytes(NEW_LINE);
    }

    private static void write(ByteBuf buffer, CharSequence text) {
        if (text instanceof AsciiString ascii) {
            ByteBufUtil.copy(ascii, buffer);
        } else {
            buffer.writeCharSequence(text, StandardCharsets.US_ASCII);
        }
    }

    private static void writeHex(ByteBuf buffer, int number) {
        int shift = Math.max(0, (Integer.SIZE - 1 - Integer.numberOfLeadingZeros(number)) & ~3);
        for (int at = shift; at >= 0; at -= 4) {
            buffer.writeByte(Character.forDigit(number >> at & 0xF, 16));
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
