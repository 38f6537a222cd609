package io.mlflowgateway.langchain4j.fallback;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.util.function.BiConsumer;

/** The tries of one streamed call. The next one begins on the thread that heard of the failure of the one before. */
final class StreamedTries {

    private final Tries<StreamingChatModel> tries;
    private final StreamingChatResponseHandler handler;
    private final BiConsumer<StreamingChatModel, StreamingChatResponseHandler> call;

    StreamedTries(
            Tries<StreamingChatModel> tries,
            StreamingChatResponseHandler handler,
            BiConsumer<StreamingChatModel, StreamingChatResponseHandler> call) {
        this.tries = tries;
        this.handler = handler;
        this.call = call;
    }

    StreamingChatResponseHandler handler() {
        return handler;
    }

    /** What a model refuses before it calls anybody is thrown, as it does itself; what it throws later is the handler's. */
    void begin() {
        Member<StreamingChatModel> member = tries.next();
        Relay relay = new Relay(this, member);
        try {
            call.accept(member.model(), relay);
        } catch (RuntimeException thrown) {
            if (relay.used()) {
                relay.onError(thrown);
            } else if (tries.goesOn(member, thrown)) {
                begin();
            } else {
                throw tries.told(thrown);
            }
        }
    }

    /** A stream that ended before its first event. */
    void failedEarly(Member<StreamingChatModel> member, Throwable failure) {
        if (!tries.goesOn(member, failure)) {
            handler.onError(tries.told(failure));
            return;
        }
        try {
            begin();
        } catch (RuntimeException refused) {
            handler.onError(refused);
        }
    }

    /** A stream that broke off. */
    void failedLate(Member<StreamingChatModel> member, Throwable failure) {
        tries.noted(member, failure);
        handler.onError(failure);
    }

    ChatResponse answered(Member<StreamingChatModel> member, ChatResponse response) {
        tries.answered(member);
        return FallbackChatResponseMetadata.on(response, tries);
    }
}
