package io.mlflowgateway.langchain4j.internal;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;

/**
 * Makes a user's callbacks for one stream: all on one thread, which is not the caller's, ending with exactly one of {@code
 * onCompleteResponse} and the stream's {@code onError}. What a callback throws goes to {@code onError} as it is, and the
 * stream goes on. After the handle's {@code cancel} there are no callbacks.
 */
public final class ChatDelivery extends BaseSubscriber<ChatEvent> {

    private static final Logger LOG = LoggerFactory.getLogger(ChatDelivery.class);

    private final StreamingChatResponseHandler handler;
    private final Function<ChatAnswer, ChatResponse> response;
    private final StreamingHandle handle = new Handle();
    private volatile boolean cancelled;
    private boolean over;

    private ChatDelivery(StreamingChatResponseHandler handler, Function<ChatAnswer, ChatResponse> response) {
        this.handler = handler;
        this.response = response;
    }

    /**
     * Starts a stream.
     *
     * @param events what it says
     * @param handler who is told
     * @param response makes LangChain4j's answer of ours
     */
    public static void start(
            Flux<ChatEvent> events, StreamingChatResponseHandler handler, Function<ChatAnswer, ChatResponse> response) {
        events.publishOn(CallThreads.scheduler()).subscribe(new ChatDelivery(handler, response));
    }

    @Override
    protected void hookOnNext(ChatEvent event) {
        if (!cancelled && !over) {
            over = event instanceof ChatEvent.Complete;
            guarded(() -> event.tell(handler, handle, response));
        }
    }

    @Override
    protected void hookOnError(Throwable failure) {
        // A complete answer stays complete, whatever happens to its connection afterwards.
        if (!cancelled && !over) {
            over = true;
            tellError(failure);
        }
    }

    /**
     * A callback's own mistakes are the user's to hear of; they do not end the stream. Nor do errors: a class that is
     * missing, or a stack that is too deep, would leave the stream open and nobody told.
     */
    private void guarded(Runnable callback) {
        try {
            callback.run();
        } catch (Throwable thrown) {
            tellError(thrown);
        }
    }

    private void tellError(Throwable failure) {
        try {
            handler.onError(failure);
        } catch (Throwable thrown) {
            LOG.warn("The handler's onError failed; there is nobody left to tell", thrown);
        }
    }

    private final class Handle implements StreamingHandle {

        @Override
        public void cancel() {
            cancelled = true;
            dispose();
        }

        @Override
        public boolean isCancelled() {
            return cancelled;
        }
    }
}
