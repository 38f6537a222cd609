package io.mlflowgateway.langchain4j.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.model.output.FinishReason;
import org.jspecify.annotations.Nullable;

/** The wire's words for why a model stopped. */
final class FinishReasons {

    private FinishReasons() {}

    /** Null when nothing is said; {@link FinishReason#OTHER} for words we do not know. */
    static @Nullable FinishReason of(JsonNode word) {
        if (word.isMissingNode() || word.isNull()) {
            return null;
        }
        return switch (word.asText()) {
            case "stop", "stop_sequence", "end_turn", "eos_token" -> FinishReason.STOP;
            case "length", "max_tokens" -> FinishReason.LENGTH;
            case "tool_calls", "function_call", "tool_use" -> FinishReason.TOOL_EXECUTION;
            case "content_filter" -> FinishReason.CONTENT_FILTER;
            default -> FinishReason.OTHER;
        };
    }
}
