package io.mlflowgateway.server.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MemoryCapTest {
    @Test
    void takes_all_or_nothing() {
        MemoryCap cap = new MemoryCap(10);

        assertThat(cap.take(6)).isTrue();
        assertThat(cap.take(5)).isFalse();
        assertThat(cap.held()).isEqualTo(6);
        cap.giveBack(1);
        assertThat(cap.take(5)).isTrue();
    }

    @Test
    void work_the_heap_has_no_room_for_is_refused_for_the_moment() {
        OutOfMemoryError none = new OutOfMemoryError("Java heap space");

        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> MemoryCap.orRefuse(() -> {
                    throw none;
                }))
                .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(Failure.Kind.UNAVAILABLE))
                .satisfies(refusal -> assertThat(refusal.retryAfter()).contains("1"))
                .withCause(none);
    }

    @Test
    void other_work_is_done_and_fails_as_it_does() {
        IllegalStateException bug = new IllegalStateException();

        assertThat(MemoryCap.<String>orRefuse(() -> "done")).isEqualTo("done");
        assertThatThrownBy(() -> MemoryCap.orRefuse(() -> {
                    throw bug;
                }))
                .isSameAs(bug);
    }
}
