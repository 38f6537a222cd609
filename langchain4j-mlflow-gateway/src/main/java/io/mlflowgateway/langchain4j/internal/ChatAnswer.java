package io.mlflowgateway.langchain4j.internal;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.output.FinishReason;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A whole answer of a chat route.
 *
 * @param message what the model said
 * @param finish why it stopped; null if not told
 * @param usage tokens
 * @param id the provider's id of the answer; null if there is none
 * @param model that answered; null if not told
 * @param head of the answer
 * @param extras what else was told, by field; empty if nothing
 */
public record ChatAnswer(
        AiMessage message,
        @Nullable FinishReason finish,
        UsageCounts usage,
        @Nullable String id,
        @Nullable String model,
        ResponseHead head,
        Map<String, Object> extras) {}
