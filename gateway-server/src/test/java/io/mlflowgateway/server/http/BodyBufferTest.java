package io.mlflowgateway.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.http.BodyBuffer.Added;
import io.mlflowgateway.server.query.MemoryCap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class BodyBufferTest {
    private final MemoryCap memory = new MemoryCap(100_000);

    @Test
    void a_body_comes_out_as_it_came_in() {
        BodyBuffer body = new BodyBuffer(50_000, memory);
        for (int i = 0; i < 50; i++) {
            assertThat(body.add(bytes(1_000))).isEqualTo(Added.ALL);
        }

        byte[] taken = body.take();

        assertThat(taken).hasSize(50_000).containsOnly('x');
    }

    @Test
    void a_byte_more_than_the_limit_is_not_taken() {
        BodyBuffer body = new BodyBuffer(10, memory);

        assertThat(body.add(bytes(10))).isEqualTo(Added.ALL);
        assertThat(body.add(bytes(1))).isEqualTo(Added.TOO_LARGE);
        assertThat(body.take()).hasSize(10);
    }

    @Test
    void bodies_that_together_hold_too_much_are_refused_until_another_lets_go() {
        BodyBuffer first = new BodyBuffer(90_000, memory);
        BodyBuffer second = new BodyBuffer(90_000, memory);
        assertThat(first.add(bytes(60_000))).isEqualTo(Added.ALL);

        Added refused = second.add(bytes(60_000));
        first.take();
        Added whileTheCallRuns = second.add(bytes(60_000));
        first.release();
        Added afterIt = second.add(bytes(60_000));

        assertThat(refused).isEqualTo(Added.NO_MEMORY);
        assertThat(whileTheCallRuns).isEqualTo(Added.NO_MEMORY);
        assertThat(afterIt).isEqualTo(Added.ALL);
    }

    @Test
    void letting_go_twice_gives_back_once() {
        BodyBuffer body = new BodyBuffer(90_000, memory);
        assertThat(body.add(bytes(60_000))).isEqualTo(Added.ALL);

        body.release();
        body.release();

        assertThat(memory.held()).isZero();
    }

    @Test
    void what_is_only_counted_takes_no_memory() {
        BodyBuffer body = new BodyBuffer(90_000, memory);

        Added skipped = body.skip(bytes(60_000));

        assertThat(skipped).isEqualTo(Added.ALL);
        assertThat(memory.held()).isZero();
    }

    private static ByteBuf bytes(int count) {
        return Unpooled.wrappedBuffer("x".repeat(count).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }
}
