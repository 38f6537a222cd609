package io.mlflowgateway.server.log;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.atomic.LongAdder;

/** Lines on their way to the sink, many with one write. For one thread. */
final class Batch {
    private static final int BYTES = 32 * 1024;

    private final OutputStream sink;
    private final LongAdder dropped;
    private final byte[] bytes = new byte[BYTES];
    private int length;
    private int lines;
    private boolean sinkTakes = true;

    /**
     * @param sink may block; not closed here
     * @param dropped counts lines that the sink did not take
     */
    Batch(OutputStream sink, LongAdder dropped) {
        this.sink = sink;
        this.dropped = dropped;
    }

    /** Whether the last write went well. */
    boolean sinkTakes() {
        return sinkTakes;
    }

    /** One line of it, with its line feed. */
    void add(Sheet sheet, int line) {
        int size = sheet.size(line);
        if (length + size > bytes.length) {
            write();
        }
        lines++;
        if (size > bytes.length) {
            byte[] large = new byte[size];
            sheet.copy(line, large, 0);
            write(large, size);
        } else {
            sheet.copy(line, bytes, length);
            length += size;
        }
    }

    /** Writes what is in it; whether there was something. */
    boolean write() {
        if (length == 0) {
            return false;
        }
        write(bytes, length);
        length = 0;
        return true;
    }

    private void write(byte[] from, int count) {
        try {
            sink.write(from, 0, count);
            sink.flush();
            sinkTakes = true;
        } catch (IOException e) {
            // The reader is gone. There is nowhere left to say so.
            dropped.add(lines);
            sinkTakes = false;
        }
        lines = 0;
    }
}
