package io.mlflowgateway.server.log;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes that are written from left to right. For one thread. */
final class Paper {
    private static final int BYTES = 16 * 1024;

    private byte[] bytes = new byte[BYTES];
    private int length;

    int length() {
        return length;
    }

    /** Whether it has become larger than what is worth keeping. */
    boolean isLarge() {
        return bytes.length > 16 * BYTES;
    }

    /** Takes back all from here on. */
    void cut(int newLength) {
        length = newLength;
    }

    boolean endsWith(char ascii) {
        return length > 0 && bytes[length - 1] == ascii;
    }

    Paper add(char ascii) {
        room(1);
        bytes[length++] = (byte) ascii;
        return this;
    }

    /** A word of the code's own: ASCII. */
    @SuppressWarnings("deprecation") // Of ASCII the lower halves are all there is, and this copies them at once.
    Paper word(String ascii) {
        int count = ascii.length();
        room(count);
        ascii.getBytes(0, count, bytes, length);
        length += count;
        return this;
    }

    Paper text(String text) {
        return add(text.getBytes(StandardCharsets.UTF_8));
    }

    Paper add(byte[] more) {
        room(more.length);
        System.arraycopy(more, 0, bytes, length, more.length);
        length += more.length;
        return this;
    }

    /** In decimal. */
    Paper number(long number) {
        if (number < 0) {
            return word(Long.toString(number));
        }
        int end = length + digits(number);
        room(end - length);
        long rest = number;
        for (int at = end - 1; at >= length; at--) {
            bytes[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length = end;
        return this;
    }

    private static int digits(long number) {
        int digits = 1;
        for (long rest = number / 10; rest > 0; rest /= 10) {
            digits++;
        }
        return digits;
    }

    /** What has been written from here on. */
    byte[] from(int start) {
        return Arrays.copyOfRange(bytes, start, length);
    }

    void copyTo(byte[] into, int at, int start, int count) {
        System.arraycopy(bytes, start, into, at, count);
    }

    @Override
    public String toString() {
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    private void room(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
    }
}
