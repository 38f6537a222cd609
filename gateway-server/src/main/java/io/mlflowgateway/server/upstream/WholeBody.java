package io.mlflowgateway.server.upstream;

import io.mlflowgateway.server.query.Failure;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Gathers an answer up to a limit, counted after decompression. */
final class WholeBody {
    private final int limitBytes;
    private byte[] bytes = new byte[2048];
    private int length;

    private WholeBody(int limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** The whole of it. Past the limit the source is cancelled and the result is an {@code UPSTREAM_INVALID} failure. */
    static Mono<byte[]> read(Flux<ByteBuf> source, int limitBytes) {
        return source.reduceWith(() -> new WholeBody(limitBytes), WholeBody::add)
                .map(WholeBody::toBytes);
    }

    private WholeBody add(ByteBuf part) {
        int added = part.readableBytes();
        if (added > limitBytes - length) {
            throw Failure.of(
                    Failure.Kind.UPSTREAM_INVALID,
                    "the provider's answer is larger than the limit of " + limitBytes + " bytes");
        }
        if (length + added > bytes.length) {
            long doubled = Math.min(limitBytes, bytes.length * 2L);
            bytes = Arrays.copyOf(bytes, (int) Math.max(doubled, length + added));
        }
        part.readBytes(bytes, length, added);
        length += added;
        return this;
    }

    private byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }
}
