package io.mlflowgateway.server.log;

import java.util.Arrays;

/** Lines of one thread, in their order, until they are collected. For whoever holds it. */
final class Sheet {
    private static final int LINES = 64;

    private final Paper paper = new Paper();
    private long[] moments = new long[LINES];
    private int[] ends = new int[LINES];
    private int lines;

    boolean isEmpty() {
        return lines == 0;
    }

    /** Bytes of all lines together. */
    int length() {
        return paper.length();
    }

    int lines() {
        return lines;
    }

    /** Whether it has become larger than what is worth keeping. */
    boolean isLarge() {
        return paper.isLarge();
    }

    /** Whether the line stands on it; when a bug keeps it from being written, nothing of it does. */
    boolean add(Line line, LineForm form) {
        int start = paper.length();
        try {
            form.write(line, paper);
        } catch (RuntimeException | Error bug) {
            // It must not be the last line, nor the end of the call that says it.
            paper.cut(start);
            return false;
        }
        if (lines == ends.length) {
            moments = Arrays.copyOf(moments, 2 * lines);
            ends = Arrays.copyOf(ends, 2 * lines);
        }
        moments[lines] = line.millis();
        ends[lines++] = paper.length();
        return true;
    }

    /** When the line was said, in milliseconds since 1970. */
    long moment(int line) {
        return moments[line];
    }

    /** Puts one line into the batch. */
    void put(int line, Batch batch) {
        int start = line == 0 ? 0 : ends[line - 1];
        batch.add(paper, start, ends[line] - start);
    }

    void clear() {
        paper.cut(0);
        lines = 0;
    }
}
