package io.mlflowgateway.langchain4j.kit;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.common.AbstractStreamingChatModelIT;
import dev.langchain4j.model.chat.common.StreamingMode;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponseMetadata;
import dev.langchain4j.model.output.TokenUsage;
import io.mlflowgateway.langchain4j.MlflowGatewayChatRequestParameters;
import io.mlflowgateway.langchain4j.MlflowGatewayChatResponseMetadata;
import io.mlflowgateway.langchain4j.MlflowGatewayTokenUsage;
import java.util.List;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What every streaming chat model does, told to a handler and as a publisher. */
@Kit
@Execution(ExecutionMode.CONCURRENT)
class PublisherStreamingChatModelKitIT extends AbstractStreamingChatModelIT {

    private final KitGateway gateway;

    PublisherStreamingChatModelKitIT(KitGateway gateway) {
        this.gateway = gateway;
    }

    @Override
    protected List<StreamingChatModel> baseModels() {
        return List.of(gateway.streamingChat().build());
    }

    @Override
    protected List<StreamingMode> streamingModes() {
        return List.of(StreamingMode.HANDLER, StreamingMode.PUBLISHER);
    }

    @Override
    protected StreamingChatModel createModelWith(ChatRequestParameters parameters) {
        return gateway.streamingChat(parameters).build();
    }

    @Override
    public StreamingChatModel createModelWith(ChatModelListener listener) {
        return gateway.streamingChat().listeners(listener).build();
    }

    @Override
    protected String customModelName() {
        return KitGateway.OTHER_CHAT;
    }

    @Override
    protected ChatRequestParameters createIntegrationSpecificParameters(int maxOutputTokens) {
        return MlflowGatewayChatRequestParameters.builder()
                .maxOutputTokens(maxOutputTokens)
                .build();
    }

    @Override
    protected Class<? extends ChatResponseMetadata> chatResponseMetadataType(StreamingChatModel model) {
        return MlflowGatewayChatResponseMetadata.class;
    }

    @Override
    protected Class<? extends TokenUsage> tokenUsageType(StreamingChatModel model) {
        return MlflowGatewayTokenUsage.class;
    }
}
