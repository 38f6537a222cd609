package io.mlflowgateway.langchain4j.internal;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts bytes into events as the HTML standard's "Server-sent events" asks, however the bytes are divided. Lines end at
 * line feed, carriage return or both, and nowhere else: U+2028 inside a JSON text is text. One for each stream, not for
 * several threads at once.
 */
final class SseParser {

    private static final int EVENT_LIMIT_BYTES = 16 * 1024 * 1024;

    private final long limitBytes;
    private long read;

    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final StringBuilder data = new StringBuilder();
    private String type = "";
    private boolean hasData;
    private boolean afterCarriageReturn;
    private boolean firstLine = true;

    /**
     * A parser of one stream.
     *
     * @param limitBytes of all its events: what they say is kept for the end
     */
    SseParser(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    List<SseEvent> feed(List<ByteBuffer> buffers) {
        List<SseEvent> events = new ArrayList<>();
        for (ByteBuffer buffer : buffers) {
            read += buffer.remaining();
            if (read > limitBytes) {
                throw new UnreadableAnswer("the stream is larger than " + limitBytes + " bytes");
            }
            while (buffer.hasRemaining()) {
                next(buffer.get(), events);
            }
        }
        return events;
    }

    /** What stands at the end without an empty line behind it. A cut event is for the reader to refuse. */
    List<SseEvent> end() {
        List<SseEvent> events = new ArrayList<>();
        if (line.size() > 0) {
            endLine(events);
        }
        dispatch(events);
        return events;
    }

    private void next(byte octet, List<SseEvent> events) {
        if (octet == '\n' && afterCarriageReturn) {
            afterCarriageReturn = false;
            return;
        }
        afterCarriageReturn = octet == '\r';
        if (octet == '\n' || octet == '\r') {
            endLine(events);
            return;
        }
        line.write(octet);
        if (line.size() + data.length() > EVENT_LIMIT_BYTES) {
            throw new UnreadableAnswer("an event of the stream is larger than " + EVENT_LIMIT_BYTES + " bytes");
        }
    }

    private void endLine(List<SseEvent> events) {
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        if (firstLine && text.startsWith("\uFEFF")) {
            text = text.substring(1);
        }
        firstLine = false;
        if (text.isEmpty()) {
            dispatch(events);
            return;
        }
        int colon = text.indexOf(':');
        String field = colon < 0 ? text : text.substring(0, colon);
        String value = colon < 0 ? "" : text.substring(colon + 1);
        take(field, value.startsWith(" ") ? value.substring(1) : value);
    }

    private void take(String field, String value) {
        if (field.equals("event")) {
            type = value;
        } else if (field.equals("data")) {
            if (hasData) {
                data.append('\n');
            }
            data.append(value);
            hasData = true;
        }
    }

    private void dispatch(List<SseEvent> events) {
        if (hasData) {
            events.add(new SseEvent(type.isEmpty() ? "message" : type, data.toString()));
        }
        data.setLength(0);
        hasData = false;
        type = "";
    }
}
