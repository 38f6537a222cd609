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
     * One way to say each kind of piece.
     *
     * @param <E> what it is said in
     */
    interface Kinds<E> {
        /** {@return some text} */
        E text(String text);

        /** {@return some reasoning text} */
        E thinking(String text);

        /** {@return some of the arguments of a tool call} */
        E part(PartialToolCall part);

        /** {@return a whole tool call} */
        E call(CompleteToolCall call);

        /** {@return an event that said none of the other things} */
        E raw(String json);

        /** {@return the end of a good stream} */
        E complete(ChatAnswer answer);
    }

    /**
     * Says this piece in another way.
     *
     * @param kinds one for each kind
     * @param <E> what it is said in
     * @return what its kind became
     */
    <E> E as(Kinds<E> kinds);

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
        public <E> E as(Kinds<E> kinds) {
            return kinds.text(text);
        }

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
        public <E> E as(Kinds<E> kinds) {
            return kinds.thinking(text);
        }

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
        public <E> E as(Kinds<E> kinds) {
            return kinds.part(part);
        }

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
        public <E> E as(Kinds<E> kinds) {
            return kinds.call(new CompleteToolCall(index, call));
        }

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
        public <E> E as(Kinds<E> kinds) {
            return kinds.raw(json);
        }

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
        public <E> E as(Kinds<E> kinds) {
            return kinds.complete(answer);
        }

        @Override
        public void tell(
                StreamingChatResponseHandler handler,
                StreamingHandle handle,
                Function<ChatAnswer, ChatResponse> response) {
            handler.onCompleteResponse(response.apply(answer));
        }
    }
}
