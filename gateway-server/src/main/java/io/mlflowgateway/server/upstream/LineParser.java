package io.mlflowgateway.server.upstream;

import io.mlflowgateway.server.provider.SseEvent;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Cuts a byte stream into the lines of newline-delimited JSON, each an event without a name. Lines end at LF or CRLF; other
 * line separators of Unicode are text. Lines of nothing but white space are dropped. The last line needs no end.
 */
final class LineParser implements EventReader {
    private static final byte[] NONE = {};
    private static final int FIRST_LINE = 256;
    private static final int LONG_LINE = 16 * 1024;

    private final int limitBytes;

    /** The line under way; whole lines that stand in one chunk are never copied here. */
    private byte[] line = NONE;

    private int length;

    /** @param limitBytes the most one line may take */
    LineParser(int limitBytes) {
        this.limitBytes = limitBytes;
    }

    @Override
    public void feed(byte[] chunk, Consumer<SseEvent> out) {
        int start = 0;
        for (int at = 0; at < chunk.length; at++) {
            if (chunk[at] == '\n') {
                endLine(chunk, start, at, out);
                start = at + 1;
            }
        }
        keep(chunk, start, chunk.length);
    }

    @Override
    public void end(Consumer<SseEvent> out) {
        endLine(NONE, 0, 0, out);
    }

    @Override
    public int heldBytes() {
        return line.length;
    }

    private void endLine(byte[] chunk, int from, int to, Consumer<SseEvent> out) {
        if (length == 0) {
            checkSize((long) to - from);
            handOver(chunk, from, to, out);
            return;
        }
        keep(chunk, from, to);
        handOver(line, 0, length, out);
        length = 0;
        if (line.length > LONG_LINE) {
            // One long line is no reason to keep its room for the rest of the stream.
            line = NONE;
        }
    }

    private static void handOver(byte[] bytes, int from, int to, Consumer<SseEvent> out) {
        int start = from;
        int end = to;
        while (start < end && isSpace(bytes[start])) {
            start++;
        }
        while (end > start && isSpace(bytes[end - 1])) {
            end--;
        }
        if (start < end) {
            out.accept(new SseEvent("", Arrays.copyOfRange(bytes, start, end)));
        }
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\t' || b == '\r';
    }

    private void keep(byte[] chunk, int from, int to) {
        int longer = length + to - from;
        checkSize((long) length + to - from);
        if (longer > line.length) {
            line = Arrays.copyOf(line, Math.max(FIRST_LINE, Math.max(line.length * 2, longer)));
        }
        System.arraycopy(chunk, from, line, length, to - from);
        length = longer;
    }

    private void checkSize(long bytes) {
        if (bytes > limitBytes) {
            throw EventReader.tooLarge(limitBytes);
        }
    }
}
