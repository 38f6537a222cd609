package io.mlflowgateway.langchain4j.internal;

import dev.langchain4j.model.StreamingResponseHandler;
import dev.langchain4j.model.output.Response;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;

/**
 * Makes a user's callbacks for one streamed completion, by the same rules as {@link ChatDelivery}. This older kind of
 * handler cannot cancel.
 */
public final class CompletionDelivery extends BaseSubscriber<CompletionEvent> {

    private static final Logger LOG = LoggerFactory.getLogger(CompletionDelivery.class);

    private final StreamingResponseHandler<String> handler;
    private final Function<CompletionAnswer, Response<String>> response;

    private boolean over;

    private CompletionDelivery(
            StreamingResponseHandler<String> handler, Function<CompletionAnswer, Response<String>> response) {
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
            Flux<CompletionEvent> events,
            StreamingResponseHandler<String> handler,
            Function<CompletionAnswer, Response<String>> response) {
        events.publishOn(CallThreads.scheduler()).subscribe(new CompletionDelivery(handler, response));
    }

    @Override
    protected void hookOnNext(CompletionEvent event) {
        over = over || event.answer().isPresent();
        try {
            event.answer()
                    .ifPresentOrElse(
                            answer -> handler.onComplete(response.apply(answer)), () -> handler.onNext(event.text()));
        } catch (Throwable thrown) {
            tellError(thrown);
        }
    }

    @Override
    protected void hookOnError(Throwable failure) {
        // A complete answer stays complete, whatever happens to its connection afterwards.
        if (!over) {
            over = true;
            tellError(failure);
        }
    }

    private void tellError(Throwable failure) {
        try {
            handler.onError(failure);
        } catch (Throwable thrown) {
            LOG.warn("The handler's onError failed; there is nobody left to tell", thrown);
        }
    }
}
