package io.mlflowgateway.langchain4j;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.mlflowgateway.langchain4j.spi.MlflowGatewayChatModelBuilderFactory;
import java.util.ServiceLoader;

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

    /** Use {@link #builder()}; public so that frameworks can extend it. */
    public MlflowGatewayChatModel(MlflowGatewayChatModelBuilder builder) {
        this.defaultRequestParameters = builder.requestParameters();
    }

    @Override
    public ChatResponse doChat(ChatRequest request) {
        throw new UnsupportedOperationException("being built");
    }

    @Override
    public MlflowGatewayChatRequestParameters defaultRequestParameters() {
        return defaultRequestParameters;
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
