package io.mlflowgateway.server.upstream;

import io.mlflowgateway.server.provider.SseEvent;
import io.mlflowgateway.server.query.Failure;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.zip.CRC32;

/**
 * Cuts a byte stream into the messages of Amazon's event stream encoding ({@code application/vnd.amazon.eventstream}): the
 * length of all, the length of the headers, a checksum of these two, headers, payload, a checksum of all before it; numbers
 * are big-endian. A length is believed once its checksum is right, and room is made as bytes come, not as lengths say.
 */
final class EventStreamParser implements EventReader {
    /** Both lengths and their checksum. */
    private static final int PRELUDE = 12;

    private static final int CHECKSUM = 4;
    /** No service sends more; each of them is looked at. */
    private static final int MOST_HEADERS = 128 * 1024;

    private static final byte[] NONE = {};
    private static final int FIRST_MESSAGE = 1024;
    private static final int LONG_MESSAGE = 16 * 1024;

    private final int limitBytes;
    private final CRC32 crc = new CRC32();

    /** The message under way, as far as it has come. */
    private byte[] message = NONE;

    private int length;
    /** Up to where it must have come to be looked at: first the prelude, then all of it. */
    private int needed = PRELUDE;

    /** @param limitBytes the most one message may take */
    EventStreamParser(int limitBytes) {
        this.limitBytes = limitBytes;
    }

    @Override
    public void feed(byte[] chunk, Consumer<SseEvent> out) {
        int at = 0;
        while (at < chunk.length) {
            int part = Math.min(chunk.length - at, needed - length);
            keep(chunk, at, part);
            at += part;
            if (length == PRELUDE && needed == PRELUDE) {
                needed = readPrelude();
            }
            if (length == needed) {
                handOver(out);
            }
        }
    }

    @Override
    public void end(Consumer<SseEvent> out) {
        if (length > 0) {
            throw broken("it ended inside a message");
        }
    }

    @Override
    public int heldBytes() {
        return message.length;
    }

    private void keep(byte[] chunk, int from, int part) {
        int longer = length + part;
        if (longer > message.length) {
            message = Arrays.copyOf(message, Math.max(FIRST_MESSAGE, Math.max(message.length * 2, longer)));
        }
        System.arraycopy(chunk, from, message, length, part);
        length = longer;
    }

    /** How long the message is. */
    private int readPrelude() {
        ByteBuffer prelude = ByteBuffer.wrap(message, 0, PRELUDE);
        long total = Integer.toUnsignedLong(prelude.getInt());
        long headers = Integer.toUnsignedLong(prelude.getInt());
        if (checksum(PRELUDE - CHECKSUM) != prelude.getInt()) {
            throw broken("the checksum of a message's lengths is wrong");
        }
        if (total > limitBytes) {
            throw EventReader.tooLarge(limitBytes);
        }
        if (headers > total - PRELUDE - CHECKSUM) {
            throw broken("a message is too short for its headers");
        }
        if (headers > MOST_HEADERS) {
            throw broken("a message has more than " + MOST_HEADERS + " bytes of headers");
        }
        return (int) total;
    }

    private void handOver(Consumer<SseEvent> out) {
        ByteBuffer whole = ByteBuffer.wrap(message, 0, length);
        int payloadEnd = length - CHECKSUM;
        if (checksum(payloadEnd) != whole.getInt(payloadEnd)) {
            throw broken("the checksum of a message is wrong");
        }
        int payload = PRELUDE + whole.getInt(4);
        FrameHeaders headers = FrameHeaders.read(whole.slice(PRELUDE, payload - PRELUDE));
        out.accept(headers.event(Arrays.copyOfRange(message, payload, payloadEnd)));
        length = 0;
        needed = PRELUDE;
        if (message.length > LONG_MESSAGE) {
            // One long message is no reason to keep its room for the rest of the stream.
            message = NONE;
        }
    }

    private int checksum(int upTo) {
        crc.reset();
        crc.update(message, 0, upTo);
        return (int) crc.getValue();
    }

    /** @param how not a word of the stream itself */
    static Failure broken(String how) {
        return Failure.of(Failure.Kind.UPSTREAM_INVALID, "the provider's event stream is broken: " + how);
    }
}
