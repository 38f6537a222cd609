package io.mlflowgateway.langchain4j;

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
import io.mlflowgateway.langchain4j.internal.RouteCall;
import io.mlflowgateway.langchain4j.spi.MlflowGatewayChatModelBuilderFactory;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;

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
    private final Set<Capability> capabilities;

    /** Use {@link #builder()}; public so that frameworks can extend it. */
    public MlflowGatewayChatModel(MlflowGatewayChatModelBuilder builder) {
        this.defaultRequestParameters = builder.requestParameters();
        this.options = builder.chatOptions();
        this.calls = new ChatCalls(builder.connection(), options);
        this.listeners = builder.chatListeners();
        this.capabilities = builder.capabilities();
    }

    @Override
    public ChatResponse doChat(ChatRequest request) {
        MlflowGatewayChatRequestParameters parameters = defaultRequestParameters.overrideWith(request.parameters());
        RouteCall call = parameters.call();
        ChatBody body = ChatBody.of(request, parameters.extraFields(), options);
        return Answers.chat(Blocking.await(calls.whole(call, body)), call.route());
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
