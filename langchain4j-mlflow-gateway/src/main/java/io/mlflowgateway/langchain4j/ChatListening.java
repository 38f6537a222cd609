package io.mlflowgateway.langchain4j;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.listener.ChatModelErrorContext;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.listener.ChatModelRequestContext;
import dev.langchain4j.model.chat.listener.ChatModelResponseContext;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Tells a model's listeners of one request, as LangChain4j's {@code chat} does. */
final class ChatListening {

    private final List<ChatModelListener> listeners;
    private final ChatRequest request;
    private final Map<Object, Object> attributes = new ConcurrentHashMap<>();

    ChatListening(List<ChatModelListener> listeners, ChatRequest request) {
        this.listeners = listeners;
        this.request = request;
    }

    /** The request with a model's defaults, as listeners and model see it. */
    static ChatRequest complete(ChatRequest request, ChatRequestParameters defaults) {
        return ChatRequest.builder()
                .messages(request.messages())
                .parameters(defaults.overrideWith(request.parameters()))
                .build();
    }

    /** The same answer; its beginning and its end are told. A cancelled one has no end to be told of. */
    Mono<ChatResponse> over(Mono<ChatResponse> answer) {
        return listeners.isEmpty()
                ? answer
                : answer.doFirst(this::began).doOnNext(this::answered).doOnError(this::failed);
    }

    /** The same events; their beginning and their end are told, the end before its event is handed on. */
    Flux<MlflowGatewayChatEvent> over(Flux<MlflowGatewayChatEvent> events) {
        return listeners.isEmpty()
                ? events
                : events.doFirst(this::began).doOnNext(this::heard).doOnError(this::failed);
    }

    private void heard(MlflowGatewayChatEvent event) {
        if (event instanceof MlflowGatewayChatEvent.Complete complete) {
            answered(complete.response());
        }
    }

    private void began() {
        ChatModelRequestContext context = new ChatModelRequestContext(request, ModelProvider.OTHER, attributes);
        tell(listener -> listener.onRequest(context));
    }

    private void answered(ChatResponse response) {
        ChatModelResponseContext context =
                new ChatModelResponseContext(response, request, ModelProvider.OTHER, attributes);
        tell(listener -> listener.onResponse(context));
    }

    private void failed(Throwable failure) {
        ChatModelErrorContext context = new ChatModelErrorContext(failure, request, ModelProvider.OTHER, attributes);
        tell(listener -> listener.onError(context));
    }

    private void tell(Consumer<ChatModelListener> word) {
        listeners.forEach(listener -> Told.to(listener, word));
    }
}
