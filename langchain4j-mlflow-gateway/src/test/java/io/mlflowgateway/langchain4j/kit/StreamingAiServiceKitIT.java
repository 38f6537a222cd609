package io.mlflowgateway.langchain4j.kit;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.response.ChatResponseMetadata;
import dev.langchain4j.model.output.TokenUsage;
import dev.langchain4j.service.common.AbstractStreamingAiServiceIT;
import io.mlflowgateway.langchain4j.MlflowGatewayChatResponseMetadata;
import io.mlflowgateway.langchain4j.MlflowGatewayTokenUsage;
import java.util.List;

/** Every streaming chat model under an AI service. */
@Kit
class StreamingAiServiceKitIT extends AbstractStreamingAiServiceIT {

    private final KitGateway gateway;

    StreamingAiServiceKitIT(KitGateway gateway) {
        this.gateway = gateway;
    }

    @Override
    protected List<StreamingChatModel> models() {
        return List.of(gateway.streamingChat().build());
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
