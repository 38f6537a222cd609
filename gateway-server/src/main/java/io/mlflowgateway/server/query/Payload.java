package io.mlflowgateway.server.query;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A request body as it goes out: bytes that may stand in several arrays, so that an edited prompt is copied once, into what
 * is sent. Immutable as long as nobody writes to the arrays; it may be written many times, on any thread.
 */
public final class Payload {
    /** Takes bytes one after the other, and copies them. */
    @FunctionalInterface
    public interface Sink {
        void write(byte[] from, int offset, int length);
    }

    /** A part of an array. */
    private record Slice(byte[] bytes, int from, int to) {
        int length() {
            return to - from;
        }
    }

    /** Puts parts of arrays behind each other; what stood together stays together. */
    static final class Joiner {
        private final List<Slice> slices = new ArrayList<>(8);
        private int length;

        void add(byte[] all) {
            add(all, 0, all.length);
        }

        void add(byte[] bytes, int from, int to) {
            int last = slices.size() - 1;
            length = Math.addExact(length, to - from);
            if (last >= 0
                    && slices.get(last).bytes() == bytes
                    && slices.get(last).to() == from) {
                slices.set(last, new Slice(bytes, slices.get(last).from(), to));
            } else {
                slices.add(new Slice(bytes, from, to));
            }
        }

        /** In bytes, so far. */
        int length() {
            return length;
        }

        Payload toPayload() {
            return new Payload(slices, length);
        }
    }

    private final List<Slice> slices;
    private final int length;

    private Payload(List<Slice> slices, int length) {
        this.slices = slices;
        this.length = length;
    }

    /** Keeps the array: the caller hands it over. */
    public static Payload of(byte[] bytes) {
        return new Payload(List.of(new Slice(bytes, 0, bytes.length)), bytes.length);
    }

    /** In bytes. */
    public int length() {
        return length;
    }

    /** Hands all bytes to the sink, in their order. */
    public void writeTo(Sink sink) {
        for (int i = 0; i < slices.size(); i++) {
            Slice slice = slices.get(i);
            sink.write(slice.bytes(), slice.from(), slice.length());
        }
    }

    /** All bytes in one array, which is not to be written to. */
    public byte[] toBytes() {
        if (slices.size() == 1 && slices.get(0).length() == slices.get(0).bytes().length) {
            return slices.get(0).bytes();
        }
        ByteBuffer all = ByteBuffer.allocate(length);
        writeTo(all::put);
        return all.array();
    }

    @Override
    public String toString() {
        return "Payload[" + length + " bytes]";
    }
}
