package io.mlflowgateway.langchain4j;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialToolCall;

/**
 * What a streamed answer says, piece by piece. The last event of a good stream is {@link Complete}, and there is exactly
 * one. More kinds may come: a reader leaves aside those it does not know.
 */
public sealed interface MlflowGatewayChatEvent {
    /**
     * Some text.
     *
     * @param text not empty
     */
    record Text(String text) implements MlflowGatewayChatEvent {}

    /**
     * Some reasoning text; only where {@code returnThinking} is on.
     *
     * @param text not empty
     */
    record Thinking(String text) implements MlflowGatewayChatEvent {}

    /**
     * Some of the arguments of a tool call.
     *
     * @param part with index, id and name
     */
    record ToolCallPart(PartialToolCall part) implements MlflowGatewayChatEvent {}

    /**
     * A whole tool call.
     *
     * @param call with its index, from 0
     */
    record ToolCall(CompleteToolCall call) implements MlflowGatewayChatEvent {}

    /**
     * An event of the server that said none of the other things.
     *
     * @param json its data
     */
    record Raw(String json) implements MlflowGatewayChatEvent {}

    /**
     * The end of a good stream.
     *
     * @param response everything that was said
     */
    record Complete(ChatResponse response) implements MlflowGatewayChatEvent {}
}
