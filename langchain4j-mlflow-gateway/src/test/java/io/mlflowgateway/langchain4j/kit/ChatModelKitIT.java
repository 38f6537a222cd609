package io.mlflowgateway.langchain4j.kit;

import dev.langchain4j.http.client.jdk.JdkHttpClientBuilder;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.common.AbstractChatModelIT;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponseMetadata;
import dev.langchain4j.model.output.TokenUsage;
import io.mlflowgateway.langchain4j.MlflowGatewayChatRequestParameters;
import io.mlflowgateway.langchain4j.MlflowGatewayChatResponseMetadata;
import io.mlflowgateway.langchain4j.MlflowGatewayTokenUsage;
import java.util.List;

/** What every chat model of LangChain4j does, over our own transport and over LangChain4j's. */
@Kit
class ChatModelKitIT extends AbstractChatModelIT {

    private final KitGateway gateway;

    ChatModelKitIT(KitGateway gateway) {
        this.gateway = gateway;
    }

    @Override
    protected List<ChatModel> models() {
        return List.of(
                gateway.chat().build(),
                gateway.chat().httpClientBuilder(new JdkHttpClientBuilder()).build());
    }

    @Override
    protected ChatModel createModelWith(ChatRequestParameters parameters) {
        return gateway.chat(parameters).build();
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
    protected Class<? extends ChatResponseMetadata> chatResponseMetadataType(ChatModel model) {
        return MlflowGatewayChatResponseMetadata.class;
    }

    @Override
    protected Class<? extends TokenUsage> tokenUsageType(ChatModel model) {
        return MlflowGatewayTokenUsage.class;
    }
}
