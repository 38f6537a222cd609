package io.mlflowgateway.server.http;

import io.mlflowgateway.server.query.MemoryCap;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * Collects a request body up to a limit. Grows with what has come in, never with what was announced. What it took of the
 * common memory stays taken until {@link #release()}, as the bytes live on in the call.
 */
final class BodyBuffer {
    private static final byte[] EMPTY = {};
    private static final int FIRST = 8 * 1024;

    /** What came of adding bytes. */
    enum Added {
        ALL,
        /** Nothing: the body would be larger than the limit. */
        TOO_LARGE,
        /** Nothing: all bodies together would hold too much. */
        NO_MEMORY
    }

    private final int limit;
    private final MemoryCap memory;
    private long reserved;
    private byte[] bytes = EMPTY;
    private int length;

    BodyBuffer(int limit, MemoryCap memory) {
        this.limit = limit;
        this.memory = memory;
    }

    /** Takes all of the readable bytes, or none. */
    Added add(ByteBuf more) {
        int count = more.readableBytes();
        if (count > limit - length) {
            return Added.TOO_LARGE;
        }
        if (count > bytes.length - length) {
            int wanted = length + count;
            // A body that came in one read is kept in an array of its size.
            int size =
                    length == 0 ? wanted : (int) Math.min(limit, Math.max(FIRST, Math.max(wanted, bytes.length * 2L)));
            if (!memory.take(size - reserved)) {
                return Added.NO_MEMORY;
            }
            reserved = size;
            bytes = Arrays.copyOf(bytes, size);
        }
        more.readBytes(bytes, length, count);
        length += count;
        return Added.ALL;
    }

    /** Counts the readable bytes against the limit without keeping them. */
    Added skip(ByteBuf more) {
        length += Math.min(more.readableBytes(), limit - length + 1);
        return length <= limit ? Added.ALL : Added.TOO_LARGE;
    }

    /** What was collected. Nothing must be added afterwards. */
    byte[] take() {
        byte[] taken = length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
        bytes = EMPTY;
        return taken;
    }

    /** Lets go of the bytes and gives back what they took of the common memory. A second call does nothing. */
    void release() {
        bytes = EMPTY;
        memory.giveBack(reserved);
        reserved = 0;
    }
}
