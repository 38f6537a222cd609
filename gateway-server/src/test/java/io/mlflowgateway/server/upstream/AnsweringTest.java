package io.mlflowgateway.server.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.channels.ClosedChannelException;
import org.junit.jupiter.api.Test;

class AnsweringTest {

    @Test
    void a_connection_that_closed_before_its_request_has_nobody_to_watch_it() {
        EmbeddedChannel closed = new EmbeddedChannel();

        assertThat(Answering.begin(closed)).isEmpty();
    }

    @Test
    void the_second_request_is_not_yet_answered_while_the_first_is() {
        EmbeddedChannel channel = new EmbeddedChannel(new Answering());
        Turn first = Answering.begin(channel).orElseThrow();
        channel.writeOutbound(bytes());
        channel.writeInbound(bytes());

        Turn second = Answering.begin(channel).orElseThrow();

        assertThat(first.answered()).isTrue();
        assertThat(second.answered()).isFalse();
        channel.finishAndReleaseAll();
    }

    @Test
    void a_turn_is_over_when_its_answer_has_ended_and_the_next_is_not() {
        Answering answering = new Answering();
        EmbeddedChannel channel = new EmbeddedChannel(answering);
        Turn first = Answering.begin(channel).orElseThrow();
        boolean overBefore = first.over();

        answering.ended();
        Turn second = Answering.begin(channel).orElseThrow();

        assertThat(overBefore).isFalse();
        assertThat(first.over()).isTrue();
        assertThat(second.over()).isFalse();
        channel.finishAndReleaseAll();
    }

    @Test
    void a_request_that_comes_while_the_end_of_an_answer_is_read_goes_out_after_that() {
        Answering answering = new Answering();
        EmbeddedChannel channel = new EmbeddedChannel(answering);
        answering.ended();

        channel.writeOneOutbound(bytes());
        channel.flushOutbound();
        boolean heldMeanwhile = channel.outboundMessages().isEmpty();
        channel.pipeline().fireChannelReadComplete();

        assertThat(heldMeanwhile).isTrue();
        assertThat(channel.outboundMessages()).hasSize(1);
        channel.finishAndReleaseAll();
    }

    @Test
    void a_request_that_was_held_fails_when_its_connection_closes_and_is_let_go() {
        Answering answering = new Answering();
        EmbeddedChannel channel = new EmbeddedChannel(answering);
        answering.ended();
        ByteBuf request = bytes();

        ChannelFuture sent = channel.writeOneOutbound(request);
        channel.close();

        assertThat(sent.cause()).isInstanceOf(ClosedChannelException.class);
        assertThat(request.refCnt()).isZero();
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
