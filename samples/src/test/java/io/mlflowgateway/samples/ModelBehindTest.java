package io.mlflowgateway.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.ChatResponseMetadata;
import io.mlflowgateway.langchain4j.MlflowGatewayChatResponseMetadata;
import org.junit.jupiter.api.Test;

class ModelBehindTest {
    private static ChatResponse response(ChatResponseMetadata metadata) {
        return ChatResponse.builder()
                .aiMessage(AiMessage.from("hi"))
                .metadata(metadata)
                .build();
    }

    @Test
    void the_model_that_answered_is_told_not_the_route() {
        ChatResponseMetadata metadata = MlflowGatewayChatResponseMetadata.builder()
                .modelName("chat")
                .servedModel("model-two")
                .build();

        assertThat(ModelBehind.of(response(metadata))).isEqualTo("model-two");
    }

    @Test
    void a_gateway_that_does_not_tell_leaves_it_unknown() {
        ChatResponseMetadata metadata =
                MlflowGatewayChatResponseMetadata.builder().modelName("chat").build();

        assertThat(ModelBehind.of(response(metadata))).isEqualTo("unknown");
    }
}
