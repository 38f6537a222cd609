package io.mlflowgateway.server.http;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/** Collects a request body up to a limit. Grows with what has come in, never with what was announced. */
final class BodyBuffer {
    private static final byte[] EMPTY = {};
    private static final int FIRST = 8 * 1024;

    private final int limit;
    private byte[] bytes = EMPTY;
    private int length;

    BodyBuffer(int limit) {
        this.limit = limit;
    }

    /**
     * Takes all of the readable bytes.
     *
     * @return false when that would be more than the limit; nothing is taken then
     */
    boolean add(ByteBuf more) {
        int count = more.readableBytes();
        if (count > limit - length) {
            return false;
        }
        if (count > bytes.length - length) {
            int wanted = length + count;
            // A body that came in one read is kept in an array of its size.
            int size =
                    length == 0 ? wanted : (int) Math.min(limit, Math.max(FIRST, Math.max(wanted, bytes.length * 2L)));
            bytes = Arrays.copyOf(bytes, size);
        }
        more.readBytes(bytes, length, count);
        length += count;
        return true;
    }

    /** Counts the readable bytes against the limit without keeping them. */
    boolean skip(ByteBuf more) {
        length += Math.min(more.readableBytes(), limit - length + 1);
        return length <= limit;
    }

    /** What was collected. The buffer must not be used afterwards. */
    byte[] take() {
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }
}
