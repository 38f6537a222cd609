package io.mlflowgateway.langchain4j;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import io.mlflowgateway.langchain4j.spi.MlflowGatewayStreamingChatModelBuilderFactory;
import java.util.ServiceLoader;

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
 */
public class MlflowGatewayStreamingChatModel implements StreamingChatModel {

    private final MlflowGatewayChatRequestParameters defaultRequestParameters;

    /** Use {@link #builder()}; public so that frameworks can extend it. */
    public MlflowGatewayStreamingChatModel(MlflowGatewayStreamingChatModelBuilder builder) {
        this.defaultRequestParameters = builder.requestParameters();
    }

    @Override
    public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
        throw new UnsupportedOperationException("being built");
    }

    @Override
    public MlflowGatewayChatRequestParameters defaultRequestParameters() {
        return defaultRequestParameters;
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
