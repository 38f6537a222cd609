package io.mlflowgateway.server.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.MemoryCap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WholeBodyTest {
    private final AnswerMemory memory = new AnswerMemory(new MemoryCap(4 << 20));
    private final AnswerMemory.Share share = memory.share();

    @RepeatedTest(30)
    void however_it_is_cut_it_is_the_same(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        byte[] sent = new byte[random.nextInt(1 << random.nextInt(1, 21))];
        random.nextBytes(sent);
        WholeBody body = new WholeBody(sent.length, share);
        int at = 0;
        while (at < sent.length) {
            int next = Math.min(sent.length, at + random.nextInt(1 << random.nextInt(1, 19)));
            body.add(Unpooled.wrappedBuffer(sent, at, next - at));
            at = next;
        }

        byte[] whole = body.whole();

        assertThat(whole).isEqualTo(sent);
        share.keep(sent.length);
        assertThat(memory.held()).isEqualTo(sent.length > AnswerMemory.UNCOUNTED ? sent.length : 0);
    }

    @Test
    void nothing_at_all_is_an_empty_body() {
        assertThat(new WholeBody(10, share).whole()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 8192})
    void one_byte_past_the_limit_is_too_much(int part) {
        WholeBody body = new WholeBody(100_000, share);

        Failure failure = catchThrowableOfType(Failure.class, () -> addWithoutEnd(body, part));

        assertThat(failure.kind()).isEqualTo(Failure.Kind.UPSTREAM_INVALID);
        assertThat(memory.held()).isLessThanOrEqualTo(200_000);
    }

    private static void addWithoutEnd(WholeBody body, int part) {
        while (true) {
            body.add(bytes(part));
        }
    }

    @Test
    void what_all_answers_hold_together_is_the_end_of_this_one() {
        AnswerMemory.Share other = memory.share();
        other.hold(4 << 20);
        WholeBody body = new WholeBody(2 << 20, share);

        Failure failure = catchThrowableOfType(Failure.class, () -> body.add(bytes(1 << 20)));

        assertThat(failure.kind()).isEqualTo(Failure.Kind.UNAVAILABLE);
    }

    @Test
    void many_small_reads_make_few_arrays() {
        int bytes = 1 << 20;
        WholeBody body = new WholeBody(bytes, share);
        List<Long> held = new ArrayList<>();

        for (int i = 0; i < bytes; i++) {
            body.add(bytes(1));
            held.add(memory.held());
        }

        assertThat(body.whole()).hasSize(bytes);
        assertThat(held.stream().distinct().count()).isLessThan(25);
        assertThat(held).allMatch(most -> most <= bytes * 3L / 2);
    }

    private static ByteBuf bytes(int count) {
        return Unpooled.wrappedBuffer(new byte[count]);
    }
}
