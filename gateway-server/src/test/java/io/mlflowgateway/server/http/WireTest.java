package io.mlflowgateway.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseDecoder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WireTest {
    private static final String HEAD = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 247, 248, 249, 4_087, 4_088, 65_528, 1_000_000})
    void an_event_is_one_chunk_of_its_size(int size) {
        byte[] payload = "x".repeat(size).getBytes(StandardCharsets.US_ASCII);
        EmbeddedChannel caller = new EmbeddedChannel(new HttpResponseDecoder(), new HttpObjectAggregator(2_000_000));

        caller.writeInbound(
                Unpooled.copiedBuffer(HEAD, StandardCharsets.US_ASCII),
                Wire.event(UnpooledByteBufAllocator.DEFAULT, payload, true),
                Wire.end(true));

        FullHttpResponse answer = caller.readInbound();
        assertThat(answer.content().toString(StandardCharsets.US_ASCII))
                .isEqualTo("data: " + "x".repeat(size) + "\n\n");
        answer.release();
        caller.finishAndReleaseAll();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 300})
    void to_a_caller_without_chunks_an_event_goes_as_it_is(int size) {
        byte[] payload = "x".repeat(size).getBytes(StandardCharsets.US_ASCII);

        ByteBuf event = Wire.event(UnpooledByteBufAllocator.DEFAULT, payload, false);

        assertThat(event.toString(StandardCharsets.US_ASCII)).isEqualTo("data: " + "x".repeat(size) + "\n\n");
        assertThat(Wire.end(false).readableBytes()).isZero();
        event.release();
    }
}
