package io.mlflowgateway.server.provider.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.query.Failure;
import org.junit.jupiter.api.Test;

class ChatChunksTest {
    private final ChatChunks chunks = new ChatChunks("id", "m", 1);

    private static Failure failure(Runnable action) {
        try {
            action.run();
        } catch (Failure failure) {
            return failure;
        }
        throw new AssertionError("nothing was refused");
    }

    private void toolCalls(int count) {
        for (int call = 0; call < count; call++) {
            chunks.toolCall(0, Integer.toString(call), "c", "f");
        }
    }

    private void choices(int count) {
        for (int choice = 0; choice < count; choice++) {
            chunks.role(choice);
        }
    }

    @Test
    void a_stream_of_tool_calls_without_end_is_not_remembered_without_end() {
        Failure failure = failure(() -> toolCalls(5_000));

        assertThat(failure.kind()).isEqualTo(Failure.Kind.UPSTREAM_INVALID);
        assertThat(failure).hasMessageContaining("more than 4096 tool calls");
    }

    @Test
    void nor_are_choices() {
        Failure failure = failure(() -> choices(5_000));

        assertThat(failure.kind()).isEqualTo(Failure.Kind.UPSTREAM_INVALID);
        assertThat(failure).hasMessageContaining("more than 4096 choices");
    }
}
