package io.mlflowgateway.server.log;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Bytes that are written from left to right. Of pieces that stand in many lines only a reference is kept: what lies here
 * until it is collected is a third of what it becomes, and it is the memory touched that costs. For one thread.
 */
final class Paper {
    private static final int BYTES = 16 * 1024;
    private static final int PIECES = 1024;

    /** Stands where a piece is to come. No line has this byte of its own: control characters are escaped. */
    private static final byte PIECE = 0;

    private byte[] bytes = new byte[BYTES];
    private int length;
    private byte[][] pieces = new byte[PIECES][];
    private int count;
    private int becomes;

    /** Where one is: what {@link #cut} goes back to. */
    record Mark(int length, int count, int becomes) {
        static final Mark START = new Mark(0, 0, 0);
    }

    Mark mark() {
        return new Mark(length, count, becomes);
    }

    /** Bytes it takes here, about. */
    int weight() {
        return length + Integer.BYTES * count;
    }

    /** Bytes written so far, with one for each piece. */
    int length() {
        return length;
    }

    /** Pieces written so far. */
    int count() {
        return count;
    }

    /** Bytes that all of it becomes. */
    int becomes() {
        return becomes;
    }

    /** Whether it has become larger than what is worth keeping. */
    boolean isLarge() {
        return bytes.length > 16 * BYTES || pieces.length > 16 * PIECES;
    }

    /** Takes back all from there on. */
    void cut(Mark mark) {
        length = mark.length;
        count = mark.count;
        becomes = mark.becomes;
    }

    Paper add(char ascii) {
        room(1);
        bytes[length++] = (byte) ascii;
        becomes++;
        return this;
    }

    /** A word of the code's own: ASCII. */
    @SuppressWarnings("deprecation") // Of ASCII the lower halves are all there is, and this copies them at once.
    Paper word(String ascii) {
        int more = ascii.length();
        room(more);
        ascii.getBytes(0, more, bytes, length);
        length += more;
        becomes += more;
        return this;
    }

    Paper text(String text) {
        return add(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A copy of these. */
    Paper add(byte[] more) {
        room(more.length);
        System.arraycopy(more, 0, bytes, length, more.length);
        length += more.length;
        becomes += more.length;
        return this;
    }

    /** @param piece never changed after */
    Paper piece(byte[] piece) {
        room(1);
        if (count == pieces.length) {
            pieces = Arrays.copyOf(pieces, 2 * count);
        }
        bytes[length++] = PIECE;
        pieces[count++] = piece;
        becomes += piece.length;
        return this;
    }

    /** In decimal. */
    Paper number(long number) {
        if (number < 0) {
            return word(Long.toString(number));
        }
        int more = digits(number);
        room(more);
        long rest = number;
        for (int at = length + more - 1; at >= length; at--) {
            bytes[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += more;
        becomes += more;
        return this;
    }

    private static int digits(long number) {
        int digits = 1;
        for (long rest = number / 10; rest > 0; rest /= 10) {
            digits++;
        }
        return digits;
    }

    /** What has been written from there on, written out. */
    byte[] from(Mark mark) {
        byte[] all = new byte[becomes - mark.becomes];
        copyTo(all, 0, mark.length, length, mark.count);
        return all;
    }

    /**
     * Writes out a part.
     *
     * @param start of {@link #length}
     * @param end of it
     * @param piece the first one that stands there
     */
    void copyTo(byte[] into, int at, int start, int end, int piece) {
        int to = at;
        int next = piece;
        int from = start;
        for (int i = start; i < end; i++) {
            if (bytes[i] == PIECE) {
                System.arraycopy(bytes, from, into, to, i - from);
                to += i - from;
                byte[] known = pieces[next++];
                System.arraycopy(known, 0, into, to, known.length);
                to += known.length;
                from = i + 1;
            }
        }
        System.arraycopy(bytes, from, into, to, end - from);
    }

    @Override
    public String toString() {
        return new String(from(Mark.START), StandardCharsets.UTF_8);
    }

    private void room(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
    }
}
