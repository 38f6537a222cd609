package io.mlflowgateway.server.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

class AnsweringTest {

    @Test
    void a_connection_that_closed_before_its_request_has_nobody_to_watch_it() {
        EmbeddedChannel closed = new EmbeddedChannel();

        assertThat(Answering.begin(closed)).isEmpty();
    }

    @Test
    void the_second_request_finds_the_connection_reused_and_not_yet_answered() {
        EmbeddedChannel channel = new EmbeddedChannel(new Answering());
        Answering first = Answering.begin(channel).orElseThrow();
        boolean reusedAtFirst = first.reused();
        channel.writeOutbound(bytes());
        channel.writeInbound(bytes());
        boolean answeredAtFirst = first.answered();

        Answering second = Answering.begin(channel).orElseThrow();

        assertThat(reusedAtFirst).isFalse();
        assertThat(answeredAtFirst).isTrue();
        assertThat(second.reused()).isTrue();
        assertThat(second.answered()).isFalse();
        channel.finishAndReleaseAll();
    }

    @Test
    void bytes_before_any_request_close_the_connection_and_reach_nobody() {
        EmbeddedChannel channel = new EmbeddedChannel(new Answering());
        ByteBuf unasked = bytes();

        channel.writeInbound(unasked);

        assertThat(channel.isOpen()).isFalse();
        assertThat(unasked.refCnt()).isZero();
        assertThat(channel.<Object>readInbound()).isNull();
    }

    private static ByteBuf bytes() {
        return Unpooled.copyInt(1);
    }
}
