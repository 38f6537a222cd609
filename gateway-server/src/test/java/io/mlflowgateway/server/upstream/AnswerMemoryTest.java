package io.mlflowgateway.server.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.MemoryCap;
import org.junit.jupiter.api.Test;

class AnswerMemoryTest {
    private static final int MIB = 1 << 20;

    private final AnswerMemory memory = new AnswerMemory(new MemoryCap(10 * MIB));

    @Test
    void what_is_held_more_than_once_is_the_most_of_it() {
        AnswerMemory.Share share = memory.share();

        share.hold(MIB);
        share.hold(3 * MIB);
        share.hold(2 * MIB);

        assertThat(memory.held()).isEqualTo(3 * MIB);
        share.keep(MIB);
        assertThat(memory.held()).isEqualTo(MIB);
    }

    @Test
    void past_what_all_may_hold_the_next_is_refused_and_the_others_are_not() {
        AnswerMemory.Share first = memory.share();
        AnswerMemory.Share second = memory.share();
        first.hold(6 * MIB);

        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> second.hold(5 * MIB))
                .satisfies(failure -> assertThat(failure.status()).isEqualTo(503))
                .satisfies(failure -> assertThat(failure.retryAfter()).contains("1"));

        assertThat(memory.held()).isEqualTo(6 * MIB);
        second.hold(4 * MIB);
        assertThat(memory.held()).isEqualTo(10 * MIB);
    }

    @Test
    void what_is_released_is_there_for_others_and_released_once() {
        AnswerMemory.Share share = memory.share();
        share.hold(6 * MIB);

        share.release();
        share.release();

        assertThat(memory.held()).isZero();
        assertThatExceptionOfType(Failure.class).isThrownBy(() -> share.hold(MIB));
        assertThat(memory.held()).isZero();
    }

    @Test
    void little_is_not_counted() {
        AnswerMemory.Share share = memory.share();

        share.hold(AnswerMemory.UNCOUNTED);

        assertThat(memory.held()).isZero();
    }

    @Test
    void an_answer_counts_several_times_until_it_is_handed_on_unless_it_is_alone_and_would_not_fit() {
        AnswerMemory.Share share = memory.share();
        share.holdForHandingOn(2 * MIB);
        assertThat(memory.held()).isEqualTo(6 * MIB);
        share.keep(0);

        share.holdForHandingOn(5 * MIB);

        assertThat(memory.held()).isEqualTo(10 * MIB);
    }
}
