package io.mlflowgateway.langchain4j;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.mlflowgateway.langchain4j.internal.Blocking;
import io.mlflowgateway.langchain4j.internal.ChatBody;
import io.mlflowgateway.langchain4j.internal.ChatCalls;
import io.mlflowgateway.langchain4j.internal.ChatOptions;
import io.mlflowgateway.langchain4j.internal.GatewayConnection;
import io.mlflowgateway.langchain4j.internal.RouteCall;
import io.mlflowgateway.langchain4j.spi.MlflowGatewayChatModelBuilderFactory;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import reactor.core.publisher.Mono;

/**
 * A chat model that answers through a route of a gateway.
 *
 * <pre>{@code
 * ChatModel model = MlflowGatewayChatModel.builder()
 *         .baseUrl("http://127.0.0.1:5000")
 *         .route("chat")
 *         .temperature(0.2)
 *         .build();
 * String answer = model.chat("Who wrote Faust?");
 * }</pre>
 */
public class MlflowGatewayChatModel implements ChatModel {

    private final MlflowGatewayChatRequestParameters defaultRequestParameters;
    private final ChatOptions options;
    private final ChatCalls calls;
    private final List<ChatModelListener> listeners;
    private final RouteCapabilities capabilities;

    /** Use {@link #builder()}; public so that frameworks can extend it. */
    public MlflowGatewayChatModel(MlflowGatewayChatModelBuilder builder) {
        this.defaultRequestParameters = builder.requestParameters();
        this.options = builder.chatOptions();
        GatewayConnection connection = builder.connection();
        this.calls = new ChatCalls(connection, options);
        this.listeners = builder.chatListeners();
        this.capabilities = builder.capabilities(connection, defaultRequestParameters);
    }

    @Override
    public ChatResponse doChat(ChatRequest request) {
        return Blocking.await(answer(request));
    }

    /**
     * Asks without blocking. On LangChain4j 1.20 this is what {@code chatAsync} calls; before, prefer {@link #chatMono}.
     *
     * @param request complete, as {@code chat} makes it; no listener is told
     * @return the answer or the failure, whatever it is; cancelling it cancels the call and closes its connection
     */
    public CompletableFuture<ChatResponse> doChatAsync(ChatRequest request) {
        return answer(request).toFuture();
    }

    /**
     * Asks without blocking: {@code chat} for reactive callers, with the same parameters and listeners. Nothing happens
     * before a subscription, and each makes a call of its own. Cancelling closes its connection; listeners are then told
     * neither of an answer nor of a failure.
     *
     * @param request what is asked
     * @return the answer, on a thread of the client that must not be blocked
     */
    public Mono<ChatResponse> chatMono(ChatRequest request) {
        return Mono.defer(() -> {
            ChatRequest complete = ChatListening.complete(request, defaultRequestParameters);
            return new ChatListening(listeners, complete).over(answer(complete));
        });
    }

    /**
     * Asks without blocking.
     *
     * @param userMessage what is asked
     * @return the text of the answer; empty where the model answered without text
     */
    public Mono<String> chatMono(String userMessage) {
        return chatMono(ChatRequest.builder()
                        .messages(UserMessage.from(userMessage))
                        .build())
                .mapNotNull(response -> response.aiMessage().text());
    }

    private Mono<ChatResponse> answer(ChatRequest request) {
        return Mono.defer(() -> {
            MlflowGatewayChatRequestParameters parameters = defaultRequestParameters.overrideWith(request.parameters());
            RouteCall call = parameters.call();
            ChatBody body = ChatBody.of(request, parameters.extraFields(), options);
            return calls.whole(call, body).map(answer -> Answers.chat(answer, call.route()));
        });
    }

    @Override
    public MlflowGatewayChatRequestParameters defaultRequestParameters() {
        return defaultRequestParameters;
    }

    @Override
    public List<ChatModelListener> listeners() {
        return listeners;
    }

    @Override
    public ModelProvider provider() {
        return ModelProvider.OTHER;
    }

    /**
     * What the builder was told, or else what the route's description says. That is asked for once, by the first to want
     * it, who waits at most two seconds; where it cannot be had nothing is claimed.
     */
    @Override
    public Set<Capability> supportedCapabilities() {
        return capabilities.get();
    }

    /** {@return a builder, from a registered factory if there is one} */
    public static MlflowGatewayChatModelBuilder builder() {
        return ServiceLoader.load(MlflowGatewayChatModelBuilderFactory.class)
                .findFirst()
                .map(MlflowGatewayChatModelBuilderFactory::get)
                .orElseGet(MlflowGatewayChatModelBuilder::new);
    }

    /** Builds the model. */
    public static class MlflowGatewayChatModelBuilder extends MlflowGatewayChatBuilder<MlflowGatewayChatModelBuilder> {

        /** Use {@link MlflowGatewayChatModel#builder()}; public so that it can be extended. */
        public MlflowGatewayChatModelBuilder() {}

        /** {@return the model} */
        public MlflowGatewayChatModel build() {
            return new MlflowGatewayChatModel(this);
        }
    }
}
