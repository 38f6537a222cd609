package io.mlflowgateway.langchain4j.internal;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;

/** The bytes of a body up to a limit, past which they are refused or dropped. */
final class Collected {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final int limit;
    private final boolean strict;

    Collected(int limit, boolean strict) {
        this.limit = limit;
        this.strict = strict;
    }

    void add(List<ByteBuffer> buffers) {
        for (ByteBuffer buffer : buffers) {
            int room = limit - bytes.size();
            if (strict && buffer.remaining() > room) {
                throw new UnreadableAnswer("the answer is larger than " + limit + " bytes");
            }
            byte[] part = new byte[Math.min(buffer.remaining(), room)];
            buffer.get(part);
            bytes.write(part, 0, part.length);
        }
    }

    boolean full() {
        return bytes.size() >= limit;
    }

    byte[] bytes() {
        return bytes.toByteArray();
    }
}
