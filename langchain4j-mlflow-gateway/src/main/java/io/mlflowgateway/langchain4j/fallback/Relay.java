package io.mlflowgateway.langchain4j.fallback;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialThinkingContext;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.PartialToolCallContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import org.jspecify.annotations.Nullable;

/**
 * Hands on what one member streams. A member that tells of a failure and of an answer, too, is heard once. What the user's
 * own callback threw comes back from the member by {@code onError}, and is not a failure of the stream.
 */
final class Relay implements StreamingChatResponseHandler {

    private final StreamedTries tries;
    private final Member<StreamingChatModel> member;
    private final StreamingChatResponseHandler handler;
    private volatile boolean begun;
    private volatile boolean over;
    private volatile @Nullable Throwable thrown;

    Relay(StreamedTries tries, Member<StreamingChatModel> member) {
        this.tries = tries;
        this.member = member;
        this.handler = tries.handler();
    }

    /** Whether the handler was told anything: another member would tell it twice. */
    boolean begun() {
        return begun;
    }

    /** Whether the end was told, or is another member's to tell. */
    boolean over() {
        return over;
    }

    @Override
    public void onPartialResponse(String part) {
        handOn(() -> handler.onPartialResponse(part));
    }

    @Override
    public void onPartialResponse(PartialResponse part, PartialResponseContext context) {
        handOn(() -> handler.onPartialResponse(part, context));
    }

    @Override
    public void onPartialThinking(PartialThinking part) {
        handOn(() -> handler.onPartialThinking(part));
    }

    @Override
    public void onPartialThinking(PartialThinking part, PartialThinkingContext context) {
        handOn(() -> handler.onPartialThinking(part, context));
    }

    @Override
    public void onPartialToolCall(PartialToolCall part) {
        handOn(() -> handler.onPartialToolCall(part));
    }

    @Override
    public void onPartialToolCall(PartialToolCall part, PartialToolCallContext context) {
        handOn(() -> handler.onPartialToolCall(part, context));
    }

    @Override
    public void onCompleteToolCall(CompleteToolCall call) {
        handOn(() -> handler.onCompleteToolCall(call));
    }

    @Override
    public void onUnmappedRawEvent(Object event) {
        handOn(() -> handler.onUnmappedRawEvent(event));
    }

    @Override
    public void onCompleteResponse(ChatResponse response) {
        if (!over) {
            over = true;
            ChatResponse told = tries.answered(member, response);
            guarded(() -> handler.onCompleteResponse(told));
        }
    }

    @Override
    public void onError(Throwable failure) {
        if (failure == thrown) {
            thrown = null;
            handler.onError(failure);
        } else if (!over) {
            over = true;
            end(failure);
        }
    }

    private void end(Throwable failure) {
        if (begun) {
            tries.failedLate(member, failure);
        } else {
            tries.failedEarly(member, failure);
        }
    }

    private void handOn(Runnable callback) {
        if (!over) {
            begun = true;
            guarded(callback);
        }
    }

    private void guarded(Runnable callback) {
        try {
            callback.run();
        } catch (RuntimeException | Error mistake) {
            thrown = mistake;
            throw mistake;
        }
    }
}
