package io.mlflowgateway.server.upstream;

import io.mlflowgateway.server.query.Failure;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Gathers an answer up to a limit, counted after decompression, within the memory that all answers share. What came in
 * one read is not copied again; more is kept in parts, and put together once. Not thread-safe.
 */
final class WholeBody {
    private static final int SMALLEST = 8 * 1024;
    private static final int LARGEST = 64 * 1024;
    private static final byte[] EMPTY = {};

    private final int limitBytes;
    private final AnswerMemory.Share share;
    private final List<byte[]> full = new ArrayList<>(0);
    private byte[] last = EMPTY;
    private int inLast;
    private int length;

    /** @param share holds the answer's bytes several times until they are handed on */
    WholeBody(int limitBytes, AnswerMemory.Share share) {
        this.limitBytes = limitBytes;
        this.share = share;
    }

    /**
     * Takes the next bytes.
     *
     * @throws Failure {@code UPSTREAM_INVALID} past the limit, {@code UNAVAILABLE} past what all answers may hold
     */
    void add(ByteBuf part) {
        int added = part.readableBytes();
        if (added > limitBytes - length) {
            throw Failure.of(
                    Failure.Kind.UPSTREAM_INVALID,
                    "the provider's answer is larger than the limit of " + limitBytes + " bytes");
        }
        int room = Math.min(added, last.length - inLast);
        part.readBytes(last, inLast, room);
        inLast += room;
        length += added;
        if (part.isReadable()) {
            grow(part);
        }
    }

    private void grow(ByteBuf part) {
        int left = part.readableBytes();
        int before = length - left;
        // As large as all before, so that many small reads make few arrays.
        int size = before == 0 ? left : Math.max(left, Math.min(LARGEST, Math.max(SMALLEST, before)));
        share.hold((long) before + size);
        if (before > 0) {
            full.add(last);
        }
        last = new byte[size];
        part.readBytes(last, 0, left);
        inLast = left;
    }

    /**
     * All of it, once; the share holds what will be made of it, too.
     *
     * @throws Failure {@code UNAVAILABLE} past what all answers may hold
     */
    byte[] whole() {
        share.holdForHandingOn(length);
        if (full.isEmpty()) {
            return inLast == last.length ? last : Arrays.copyOf(last, inLast);
        }
        byte[] whole = new byte[length];
        int at = 0;
        for (byte[] part : full) {
            System.arraycopy(part, 0, whole, at, part.length);
            at += part.length;
        }
        System.arraycopy(last, 0, whole, at, inLast);
        full.clear();
        last = EMPTY;
        return whole;
    }
}
