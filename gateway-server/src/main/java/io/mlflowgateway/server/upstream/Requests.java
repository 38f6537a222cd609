package io.mlflowgateway.server.upstream;

import io.mlflowgateway.server.provider.Framing;
import io.mlflowgateway.server.provider.UpstreamRequest;
import io.mlflowgateway.server.query.Payload;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.HttpHeaderValidationUtil;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Writes requests to one URL. What is the same in each of them is made once; head and body stand in one buffer, so that
 * both leave in one write.
 */
final class Requests {
    /** What the transport says, and no provider may say otherwise. */
    private static final Set<String> OWN = Set.of(
            "accept",
            "accept-encoding",
            "connection",
            "content-length",
            "content-type",
            "expect",
            "host",
            "transfer-encoding",
            "user-agent");

    /** For the headers that differ. */
    private static final int ROOM = 256;

    private static final String WHOLE = "accept: application/json\r\naccept-encoding: gzip\r\n";
    private static final String ANY = "accept: */*\r\naccept-encoding: gzip\r\n";

    private final String target;
    private final String common;
    private final byte[] whole;
    private final Map<Framing, byte[]> streams = new EnumMap<>(Framing.class);

    /** @param pathAndQuery in ASCII */
    Requests(Place place, String pathAndQuery) {
        target = " " + pathAndQuery + " HTTP/1.1\r\nhost: " + place.hostHeader() + "\r\nuser-agent: "
                + HttpUpstream.USER_AGENT + "\r\n";
        common = "POST" + target + "content-type: ";
        whole = ascii(common + UpstreamRequest.JSON + "\r\n" + WHOLE);
        for (Framing framing : Framing.values()) {
            String accept = "accept: " + framing.accept() + "\r\naccept-encoding: identity\r\n";
            streams.put(framing, ascii(common + UpstreamRequest.JSON + "\r\n" + accept));
        }
    }

    /**
     * The request's bytes.
     *
     * @throws IllegalArgumentException when a header is one that the transport sets, or cannot stand in a head
     */
    ByteBuf encode(UpstreamRequest request, ByteBufAllocator allocator) {
        byte[] fixed = fixed(request);
        Payload body = request.body();
        ByteBuf bytes = allocator.directBuffer(fixed.length + ROOM + body.length());
        try {
            bytes.writeBytes(fixed);
            request.headers().forEach((name, value) -> add(bytes, name, value));
            bytes.writeCharSequence("content-length: " + body.length() + "\r\n\r\n", StandardCharsets.US_ASCII);
            body.writeTo(bytes::writeBytes);
            return bytes;
        } catch (RuntimeException e) {
            bytes.release();
            throw e;
        }
    }

    private byte[] fixed(UpstreamRequest request) {
        if (request.contentType().equals(UpstreamRequest.JSON)) {
            return request.streams() ? streams.getOrDefault(request.framing(), whole) : whole;
        }
        if (request.contentType().isEmpty()) {
            return ascii("GET" + target + ANY);
        }
        boolean isForm = request.contentType().equals(UpstreamRequest.FORM);
        return ascii(common + request.contentType() + "\r\n" + (isForm ? WHOLE : ANY));
    }

    // Messages do not hold the value: it may be a credential.
    private static void add(ByteBuf bytes, String name, String value) {
        if (name.isEmpty() || HttpHeaderValidationUtil.validateToken(name) >= 0 || OWN.contains(lowerCase(name))) {
            throw new IllegalArgumentException("a provider may not send the header " + name);
        }
        if (HttpHeaderValidationUtil.validateValidHeaderValue(value) >= 0) {
            throw new IllegalArgumentException("the value of " + name + " cannot stand in a header");
        }
        bytes.writeCharSequence(name, StandardCharsets.US_ASCII);
        bytes.writeByte(':').writeByte(' ');
        bytes.writeCharSequence(value, StandardCharsets.ISO_8859_1);
        bytes.writeByte('\r').writeByte('\n');
    }

    private static String lowerCase(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
