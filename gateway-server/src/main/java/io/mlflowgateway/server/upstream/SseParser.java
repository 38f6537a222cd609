package io.mlflowgateway.server.upstream;

import io.mlflowgateway.server.provider.SseEvent;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Cuts a byte stream into server-sent events (WHATWG HTML, "Server-sent events"), whatever way the bytes are split.
 *
 * <p>Works on bytes, so a cut inside a UTF-8 character harms nothing, and only LF, CR and CRLF end a line: U+2028,
 * U+2029 and U+0085 are text. {@code id} and {@code retry} fields mean nothing here and are dropped. Not thread-safe.
 */
final class SseParser implements EventReader {
    private static final byte[] EVENT = ascii("event");
    private static final byte[] DATA = ascii("data");
    private static final byte[] DONE = ascii("[DONE]");
    private static final byte[] NONE = {};
    private static final int FIRST_LINE = 256;
    private static final int LONG_LINE = 16 * 1024;

    private final int limitBytes;

    // The line under way; whole lines that stand in one chunk are never copied here.
    private byte[] line = NONE;
    private int lineLength;
    // The data of the event under way, without what is kept for growth.
    private byte[] data = NONE;
    private int dataLength;
    private boolean hasData;
    private String name = "";
    private boolean firstLine = true;
    private boolean afterCarriageReturn;

    /** @param limitBytes the most one event may take */
    SseParser(int limitBytes) {
        this.limitBytes = limitBytes;
    }

    @Override
    public void feed(byte[] chunk, Consumer<SseEvent> out) {
        int start = 0;
        if (afterCarriageReturn && chunk.length > 0) {
            start = chunk[0] == '\n' ? 1 : 0;
            afterCarriageReturn = false;
        }
        for (int at = start; at < chunk.length; at++) {
            byte b = chunk[at];
            if (b != '\n' && b != '\r') {
                continue;
            }
            endLine(chunk, start, at, out);
            if (b == '\r') {
                if (at + 1 == chunk.length) {
                    afterCarriageReturn = true;
                } else if (chunk[at + 1] == '\n') {
                    at++;
                }
            }
            start = at + 1;
        }
        keep(chunk, start, chunk.length);
    }

    /**
     * The stream ended. An event without its empty line is incomplete and is dropped, as the standard says, except for
     * {@code [DONE]}: some servers close right after the word, and nothing can be missing from it.
     */
    @Override
    public void end(Consumer<SseEvent> out) {
        if (lineLength > 0) {
            endLine(NONE, 0, 0, out);
        }
        if (Arrays.equals(data, 0, dataLength, DONE, 0, DONE.length)) {
            dispatch(out);
        }
    }

    @Override
    public int heldBytes() {
        return line.length + data.length;
    }

    private void endLine(byte[] chunk, int from, int to, Consumer<SseEvent> out) {
        checkSize((long) dataLength + lineLength + to - from);
        if (lineLength == 0) {
            readLine(chunk, from, to, out);
            return;
        }
        keep(chunk, from, to);
        byte[] whole = line;
        int length = lineLength;
        lineLength = 0;
        if (whole.length > LONG_LINE) {
            // One long line is no reason to keep its room for the rest of the stream.
            line = NONE;
        }
        readLine(whole, 0, length, out);
    }

    private void keep(byte[] chunk, int from, int to) {
        int added = to - from;
        checkSize((long) dataLength + lineLength + added);
        if (lineLength + added > line.length) {
            line = Arrays.copyOf(line, Math.max(FIRST_LINE, Math.max(line.length * 2, lineLength + added)));
        }
        System.arraycopy(chunk, from, line, lineLength, added);
        lineLength += added;
    }

    private void readLine(byte[] bytes, int start, int to, Consumer<SseEvent> out) {
        int from = start;
        if (firstLine) {
            firstLine = false;
            from += startsWithByteOrderMark(bytes, from, to) ? 3 : 0;
        }
        if (from == to) {
            dispatch(out);
            return;
        }
        int colon = from;
        while (colon < to && bytes[colon] != ':') {
            colon++;
        }
        int value = Math.min(to, colon + 1);
        if (value < to && bytes[value] == ' ') {
            value++;
        }
        if (Arrays.equals(bytes, from, colon, DATA, 0, DATA.length)) {
            addData(bytes, value, to);
        } else if (Arrays.equals(bytes, from, colon, EVENT, 0, EVENT.length)) {
            name = new String(bytes, value, to - value, StandardCharsets.UTF_8);
        }
    }

    private void addData(byte[] bytes, int from, int to) {
        if (!hasData) {
            data = Arrays.copyOfRange(bytes, from, to);
            dataLength = data.length;
            hasData = true;
            return;
        }
        int longer = dataLength + 1 + to - from;
        if (longer > data.length) {
            data = Arrays.copyOf(data, Math.max(longer, data.length * 2));
        }
        data[dataLength] = '\n';
        System.arraycopy(bytes, from, data, dataLength + 1, to - from);
        dataLength = longer;
    }

    private void dispatch(Consumer<SseEvent> out) {
        if (hasData) {
            out.accept(new SseEvent(name, data.length == dataLength ? data : Arrays.copyOf(data, dataLength)));
        }
        data = NONE;
        dataLength = 0;
        hasData = false;
        name = "";
    }

    private void checkSize(long bytes) {
        if (bytes > limitBytes) {
            throw EventReader.tooLarge(limitBytes);
        }
    }

    private static boolean startsWithByteOrderMark(byte[] bytes, int from, int to) {
        return to - from >= 3
                && bytes[from] == (byte) 0xEF
                && bytes[from + 1] == (byte) 0xBB
                && bytes[from + 2] == (byte) 0xBF;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
