package io.mlflowgateway.server.log;

import java.util.Arrays;

/** Lines of one thread, in their order, until they are collected. For whoever holds it. */
final class Sheet {
    private static final int LINES = 64;

    private final Paper paper = new Paper();
    private long[] moments = new long[LINES];

    // Where each line begins and the one behind the last will.
    private int[] starts = new int[LINES + 1];
    private int[] pieces = new int[LINES + 1];
    private int[] sizes = new int[LINES + 1];
    private int lines;

    boolean isEmpty() {
        return lines == 0;
    }

    /** Bytes it takes, about. */
    int weight() {
        return paper.weight();
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
        Paper.Mark before = paper.mark();
        try {
            form.write(line, paper);
        } catch (RuntimeException | Error bug) {
            // It must not be the last line, nor the end of the call that says it.
            paper.cut(before);
            return false;
        }
        if (lines == moments.length) {
            grow();
        }
        moments[lines++] = line.millis();
        starts[lines] = paper.length();
        pieces[lines] = paper.count();
        sizes[lines] = paper.becomes();
        return true;
    }

    private void grow() {
        moments = Arrays.copyOf(moments, 2 * lines);
        starts = Arrays.copyOf(starts, 2 * lines + 1);
        pieces = Arrays.copyOf(pieces, 2 * lines + 1);
        sizes = Arrays.copyOf(sizes, 2 * lines + 1);
    }

    /** When the line was said, in milliseconds since 1970. */
    long moment(int line) {
        return moments[line];
    }

    /** Bytes the line has. */
    int size(int line) {
        return sizes[line + 1] - sizes[line];
    }

    /** Writes the line, {@link #size} bytes. */
    void copy(int line, byte[] into, int at) {
        paper.copyTo(into, at, starts[line], starts[line + 1], pieces[line]);
    }

    void clear() {
        paper.cut(Paper.Mark.START);
        lines = 0;
    }
}
