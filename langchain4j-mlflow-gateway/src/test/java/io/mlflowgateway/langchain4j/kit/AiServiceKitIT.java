package io.mlflowgateway.langchain4j.kit;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.output.TokenUsage;
import dev.langchain4j.service.common.AbstractAiServiceIT;
import io.mlflowgateway.langchain4j.MlflowGatewayTokenUsage;
import java.util.List;

/** Every chat model under an AI service. */
@Kit
class AiServiceKitIT extends AbstractAiServiceIT {

    private final KitGateway gateway;

    AiServiceKitIT(KitGateway gateway) {
        this.gateway = gateway;
    }

    @Override
    protected List<ChatModel> models() {
        return List.of(gateway.chat().build());
    }

    @Override
    protected Class<? extends TokenUsage> tokenUsageType(ChatModel model) {
        return MlflowGatewayTokenUsage.class;
    }
}
