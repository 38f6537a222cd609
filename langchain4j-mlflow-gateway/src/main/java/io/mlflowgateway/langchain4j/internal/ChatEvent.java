package io.mlflowgateway.langchain4j.internal;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialThinkingContext;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.PartialToolCallContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import java.util.function.Function;

/** What a chat stream says, piece by piece. The last piece of a good stream is {@link Complete}. */
public sealed interface ChatEvent {
    /**
     * Hands this piece to a user's handler.
     *
     * @param handler whose callback is made
     * @param handle to cancel the stream with
     * @param response makes LangChain4j's answer of ours
     */
    void tell(
            StreamingChatResponseHandler handler, StreamingHandle handle, Function<ChatAnswer, ChatResponse> response);

    /**
     * Some text.
     *
     * @param text not empty
     */
    record Text(String text) implements ChatEvent {
        @Override
        public void tell(
                StreamingChatResponseHandler handler,
                StreamingHandle handle,
                Function<ChatAnswer, ChatResponse> response) {
            handler.onPartialResponse(new PartialResponse(text), new PartialResponseContext(handle));
        }
    }

    /**
     * Some reasoning text.
     *
     * @param text not empty
     */
    record Thinking(String text) implements ChatEvent {
        @Override
        public void tell(
                StreamingChatResponseHandler handler,
                StreamingHandle handle,
                Function<ChatAnswer, ChatResponse> response) {
            handler.onPartialThinking(new PartialThinking(text), new PartialThinkingContext(handle));
        }
    }

    /**
     * Some of the arguments of a tool call.
     *
     * @param part with index, id and name
     */
    record ToolCallPart(PartialToolCall part) implements ChatEvent {
        @Override
        public void tell(
                StreamingChatResponseHandler handler,
                StreamingHandle handle,
                Function<ChatAnswer, ChatResponse> response) {
            handler.onPartialToolCall(part, new PartialToolCallContext(handle));
        }
    }

    /**
     * A whole tool call.
     *
     * @param index from 0, one more for each call
     * @param call the tool and its arguments
     */
    record ToolCall(int index, ToolExecutionRequest call) implements ChatEvent {
        @Override
        public void tell(
                StreamingChatResponseHandler handler,
                StreamingHandle handle,
                Function<ChatAnswer, ChatResponse> response) {
            handler.onCompleteToolCall(new CompleteToolCall(index, call));
        }
    }

    /**
     * An event that said none of the other things.
     *
     * @param json its data
     */
    record Raw(String json) implements ChatEvent {
        @Override
        public void tell(
                StreamingChatResponseHandler handler,
                StreamingHandle handle,
                Function<ChatAnswer, ChatResponse> response) {
            handler.onUnmappedRawEvent(json);
        }
    }

    /**
     * The end of a good stream.
     *
     * @param answer everything that was said
     */
    record Complete(ChatAnswer answer) implements ChatEvent {
        @Override
        public void tell(
                StreamingChatResponseHandler handler,
                StreamingHandle handle,
                Function<ChatAnswer, ChatResponse> response) {
            handler.onCompleteResponse(response.apply(answer));
        }
    }
}
