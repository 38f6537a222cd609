package io.mlflowgateway.server.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Reads eight bytes at a time. */
final class Words {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private Words() {}

    /** Eight bytes from here, the first one lowest. */
    static long at(byte[] bytes, int at) {
        return (long) LONGS.get(bytes, at);
    }

    /** The first bytes of a range, eight at most, with zeros after its end. */
    static long first(byte[] bytes, int start, int end) {
        int length = end - start;
        if (length >= Long.BYTES) {
            return at(bytes, start);
        }
        if (start + Long.BYTES <= bytes.length) {
            return at(bytes, start) & ((1L << (length * 8)) - 1);
        }
        long word = 0;
        for (int i = length - 1; i >= 0; i--) {
            word = word << 8 | bytes[start + i] & 0xFF;
        }
        return word;
    }
}
