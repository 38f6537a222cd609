package io.mlflowgateway.langchain4j;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import io.mlflowgateway.langchain4j.internal.ChatBody;
import io.mlflowgateway.langchain4j.internal.ChatCalls;
import io.mlflowgateway.langchain4j.internal.ChatDelivery;
import io.mlflowgateway.langchain4j.internal.ChatOptions;
import io.mlflowgateway.langchain4j.internal.RouteCall;
import io.mlflowgateway.langchain4j.spi.MlflowGatewayStreamingChatModelBuilderFactory;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;

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
    private final Set<Capability> capabilities;

    /** Use {@link #builder()}; public so that frameworks can extend it. */
    public MlflowGatewayStreamingChatModel(MlflowGatewayStreamingChatModelBuilder builder) {
        this.defaultRequestParameters = builder.requestParameters();
        this.options = builder.chatOptions();
        this.calls = new ChatCalls(builder.connection(), options);
        this.listeners = builder.chatListeners();
        this.capabilities = builder.capabilities();
    }

    @Override
    public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
        MlflowGatewayChatRequestParameters parameters = defaultRequestParameters.overrideWith(request.parameters());
        RouteCall call = parameters.call();
        ChatBody body = ChatBody.of(request, parameters.extraFields(), options);
        ChatDelivery.start(calls.streamed(call, body), handler, answer -> Answers.chat(answer, call.route()));
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

    @Override
    public Set<Capability> supportedCapabilities() {
        return capabilities;
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
