package io.mlflowgateway.langchain4j;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import io.mlflowgateway.langchain4j.internal.ChatBody;
import io.mlflowgateway.langchain4j.internal.ChatCalls;
import io.mlflowgateway.langchain4j.internal.ChatDelivery;
import io.mlflowgateway.langchain4j.internal.ChatEvent;
import io.mlflowgateway.langchain4j.internal.ChatOptions;
import io.mlflowgateway.langchain4j.internal.GatewayConnection;
import io.mlflowgateway.langchain4j.internal.GuardedFlow;
import io.mlflowgateway.langchain4j.internal.RouteCall;
import io.mlflowgateway.langchain4j.spi.MlflowGatewayStreamingChatModelBuilderFactory;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.Flow;
import reactor.core.publisher.Flux;

/**
 * A chat model that answers through a route of a gateway.
 *
 * <pre>{@code
 * StreamingChatModel model = MlflowGatewayStreamingChatModel.builder()
 *         .baseUrl("http://127.0.0.1:5000")
 *         .route("chat")
 *         .build();
 * model.chat("Who wrote Faust?", handler);
 * }</pre>
 *
 * <p>What a real MLflow server leaves out of its streams (seen with 2.8.1, 2.22.5 and 3.17.2):
 *
 * <ul>
 *   <li>MLflow 2.5 to 2.8 cannot stream: the whole answer comes as one piece; tools are refused with {@link
 *       dev.langchain4j.exception.UnsupportedFeatureException}.
 *   <li>MLflow 2.22 streams text only: usage is null, and a tool call, of which it forwards nothing but the finish
 *       reason, ends the stream with {@link dev.langchain4j.exception.UnsupportedFeatureException}.
 *   <li>MLflow 2.22 and 3.17 answer a streamed call with 200 even where the provider refuses it. Such a stream fails
 *       with {@link io.mlflowgateway.langchain4j.failure.GatewayConnectionException}, whatever the reason was.
 * </ul>
 */
public class MlflowGatewayStreamingChatModel implements StreamingChatModel {

    private final MlflowGatewayChatRequestParameters defaultRequestParameters;
    private final ChatOptions options;
    private final ChatCalls calls;
    private final List<ChatModelListener> listeners;
    private final RouteCapabilities capabilities;

    /** Use {@link #builder()}; public so that frameworks can extend it. */
    public MlflowGatewayStreamingChatModel(MlflowGatewayStreamingChatModelBuilder builder) {
        this.defaultRequestParameters = builder.requestParameters();
        this.options = builder.chatOptions();
        GatewayConnection connection = builder.connection();
        this.calls = new ChatCalls(connection, options);
        this.listeners = builder.chatListeners();
        this.capabilities = builder.capabilities(connection, defaultRequestParameters);
    }

    @Override
    public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
        Asked asked = asked(request);
        ChatDelivery.start(asked.events(), handler, answer -> Answers.chat(answer, asked.route()));
    }

    /**
     * Asks for LangChain4j 1.20's own streaming events. There this is what {@code chat(request)} calls; on 1.19, which has
     * no such events, the publisher fails with {@link dev.langchain4j.exception.UnsupportedFeatureException}: use {@link
     * #chatFlux}. The type is raw because that of the events is not there in 1.19.
     *
     * @param request complete, as {@code chat} makes it; no listener is told
     * @return cold: each subscription makes a call of its own; cancelling closes its connection
     */
    @SuppressWarnings("rawtypes")
    public Flow.Publisher doChat(ChatRequest request) {
        return new GuardedFlow<>(Flux.defer(() -> {
            Asked asked = asked(request);
            NewerEvents kinds = NewerEvents.of(asked.route());
            return asked.events().map(event -> event.as(kinds));
        }));
    }

    /**
     * Asks for an answer in pieces, with the same parameters and listeners as {@code chat}. Nothing happens before a
     * subscription, and each makes a call of its own. No more is read from the connection than was asked for and a small
     * buffer holds; cancelling closes it, and listeners are then told neither of an answer nor of a failure.
     *
     * @param request what is asked
     * @return the pieces, on threads of the client that must not be blocked
     */
    public Flux<MlflowGatewayChatEvent> chatFlux(ChatRequest request) {
        return Flux.defer(() -> {
            ChatRequest complete = ChatListening.complete(request, defaultRequestParameters);
            return new ChatListening(listeners, complete).over(ownEvents(complete));
        });
    }

    /**
     * Asks for the text of an answer in pieces; otherwise as {@link #chatFlux}.
     *
     * @param request what is asked
     * @return text only, none of it empty
     */
    public Flux<String> textFlux(ChatRequest request) {
        return chatFlux(request).ofType(MlflowGatewayChatEvent.Text.class).map(MlflowGatewayChatEvent.Text::text);
    }

    /**
     * Asks for the text of an answer in pieces; otherwise as {@link #chatFlux}.
     *
     * @param userMessage what is asked
     * @return text only, none of it empty
     */
    public Flux<String> textFlux(String userMessage) {
        return textFlux(
                ChatRequest.builder().messages(UserMessage.from(userMessage)).build());
    }

    private Flux<MlflowGatewayChatEvent> ownEvents(ChatRequest request) {
        return Flux.defer(() -> {
            Asked asked = asked(request);
            OwnEvents kinds = new OwnEvents(asked.route());
            return asked.events().map(event -> event.as(kinds));
        });
    }

    private Asked asked(ChatRequest request) {
        MlflowGatewayChatRequestParameters parameters = defaultRequestParameters.overrideWith(request.parameters());
        RouteCall call = parameters.call();
        ChatBody body = ChatBody.of(request, parameters.extraFields(), options);
        return new Asked(call.route(), calls.streamed(call, body));
    }

    private record Asked(String route, Flux<ChatEvent> events) {}

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
    public static MlflowGatewayStreamingChatModelBuilder builder() {
        return ServiceLoader.load(MlflowGatewayStreamingChatModelBuilderFactory.class)
                .findFirst()
                .map(MlflowGatewayStreamingChatModelBuilderFactory::get)
                .orElseGet(MlflowGatewayStreamingChatModelBuilder::new);
    }

    /** Builds the model. */
    public static class MlflowGatewayStreamingChatModelBuilder
            extends MlflowGatewayChatBuilder<MlflowGatewayStreamingChatModelBuilder> {

        /** Use {@link MlflowGatewayStreamingChatModel#builder()}; public so that it can be extended. */
        public MlflowGatewayStreamingChatModelBuilder() {}

        /** {@return the model} */
        public MlflowGatewayStreamingChatModel build() {
            return new MlflowGatewayStreamingChatModel(this);
        }
    }
}
