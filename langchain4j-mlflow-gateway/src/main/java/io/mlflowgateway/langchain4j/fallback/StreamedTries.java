package io.mlflowgateway.langchain4j.fallback;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The tries of one streamed call. The next one begins on the thread that heard of the failure of the one before. */
final class StreamedTries {

    private static final Logger LOG = LoggerFactory.getLogger(StreamedTries.class);

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
        } catch (RuntimeException refused) {
            if (relay.over()) {
                LOG.warn("A model threw after it had told the end of a stream", refused);
            } else if (relay.begun()) {
                relay.onError(refused);
            } else if (tries.goesOn(member, refused)) {
                begin();
            } else {
                throw tries.told(refused);
            }
        }
    }

    /** A stream that ended before its first event. */
    void failedEarly(Member<StreamingChatModel> member, Throwable failure) {
        boolean goesOn = false;
        try {
            goesOn = tries.goesOn(member, failure);
            if (goesOn) {
                begin();
            }
        } catch (RuntimeException | Error thrown) {
            // Of a member, or of the user's fallbackOn: nobody else would tell the handler.
            handler.onError(thrown);
            return;
        }
        if (!goesOn) {
            handler.onError(tries.told(failure));
        }
    }

    /** A stream that broke off. */
    void failedLate(Member<StreamingChatModel> member, Throwable failure) {
        try {
            tries.noted(member, failure);
        } finally {
            handler.onError(failure);
        }
    }

    ChatResponse answered(Member<StreamingChatModel> member, ChatResponse response) {
        tries.answered(member);
        return FallbackChatResponseMetadata.on(response, tries);
    }
}
