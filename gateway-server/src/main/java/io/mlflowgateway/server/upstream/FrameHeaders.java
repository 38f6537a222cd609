package io.mlflowgateway.server.upstream;

import io.mlflowgateway.server.provider.Framing;
import io.mlflowgateway.server.provider.SseEvent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What the headers of an Amazon event stream message say of it. A header is the length of its name, the name, the type of
 * its value, and the value; names do not repeat.
 *
 * @param texts values of the headers that name a message and are texts
 */
record FrameHeaders(Map<String, String> texts) {
    private static final String MESSAGE_TYPE = ":message-type";
    private static final String EVENT_TYPE = ":event-type";
    private static final String EXCEPTION_TYPE = ":exception-type";
    private static final String ERROR_CODE = ":error-code";
    private static final String ERROR_MESSAGE = ":error-message";
    private static final Set<String> READ = Set.of(MESSAGE_TYPE, EVENT_TYPE, EXCEPTION_TYPE, ERROR_CODE, ERROR_MESSAGE);

    private static final int BYTES = 6;
    private static final int TEXT = 7;
    /** How long values are, by their type; those of bytes and of text say it themselves. */
    private static final int[] LENGTHS = {0, 0, 1, 2, 4, 8, -1, -1, 8, 16};

    /** @param headers all of them and nothing else */
    static FrameHeaders read(ByteBuffer headers) {
        Map<String, String> texts = new HashMap<>();
        while (headers.hasRemaining()) {
            String name = text(headers, Byte.toUnsignedInt(taken(headers, 1).get()));
            int type = taken(headers, 1).get();
            if (type < 0 || type >= LENGTHS.length) {
                throw EventStreamParser.broken("a header is of no known type");
            }
            int length = type == BYTES || type == TEXT
                    ? Short.toUnsignedInt(taken(headers, 2).getShort())
                    : LENGTHS[type];
            if (!READ.contains(name)) {
                taken(headers, length);
            } else if (type != TEXT || texts.putIfAbsent(name, text(headers, length)) != null) {
                throw EventStreamParser.broken(name + " is no text, or stands there twice");
            }
        }
        return new FrameHeaders(texts);
    }

    private static String text(ByteBuffer headers, int length) {
        return StandardCharsets.UTF_8.decode(taken(headers, length)).toString();
    }

    private static ByteBuffer taken(ByteBuffer headers, int length) {
        if (length > headers.remaining()) {
            throw EventStreamParser.broken("a header is longer than all headers");
        }
        ByteBuffer part = headers.slice(headers.position(), length);
        headers.position(headers.position() + length);
        return part;
    }

    /** The message as an event; one without a type is one. */
    SseEvent event(byte[] payload) {
        return switch (text(MESSAGE_TYPE)) {
            case "", "event" -> new SseEvent(text(EVENT_TYPE), payload);
            case "exception" -> new SseEvent(Framing.EXCEPTION + text(EXCEPTION_TYPE), payload);
            case "error" ->
                new SseEvent(Framing.ERROR + text(ERROR_CODE), payload.length > 0 ? payload : errorMessage());
            default -> throw EventStreamParser.broken("a message is of no known type");
        };
    }

    private byte[] errorMessage() {
        return text(ERROR_MESSAGE).getBytes(StandardCharsets.UTF_8);
    }

    private String text(String header) {
        return texts.getOrDefault(header, "");
    }
}
