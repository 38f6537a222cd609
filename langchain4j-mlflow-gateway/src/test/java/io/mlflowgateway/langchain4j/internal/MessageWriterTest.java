package io.mlflowgateway.langchain4j.internal;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.exception.UnsupportedFeatureException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MessageWriterTest {

    @Test
    void an_image_as_the_result_of_a_tool_is_refused_in_the_words_of_langchain4js_own_models() {
        ToolExecutionResultMessage result = ToolExecutionResultMessage.builder()
                .id("call-1")
                .toolName("takePhoto")
                .contents(ImageContent.from("Y2F0", "image/png"))
                .build();

        assertThatThrownBy(() -> new MessageWriter(Optional.empty()).write(result))
                .isExactlyInstanceOf(UnsupportedFeatureException.class)
                .hasMessageContaining("non-text content")
                .hasMessageContaining("not supported");
    }
}
