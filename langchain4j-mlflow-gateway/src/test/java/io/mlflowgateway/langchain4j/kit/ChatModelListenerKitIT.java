package io.mlflowgateway.langchain4j.kit;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.common.AbstractChatModelListenerIT;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import io.mlflowgateway.langchain4j.failure.GatewayAuthenticationException;

/** What listeners are told; the failure is the provider's, which refuses the gateway's credential. */
@Kit
class ChatModelListenerKitIT extends AbstractChatModelListenerIT {

    private final KitGateway gateway;

    ChatModelListenerKitIT(KitGateway gateway) {
        this.gateway = gateway;
    }

    @Override
    protected ChatModel createModel(ChatModelListener listener) {
        return gateway.chat()
                .temperature(temperature())
                .topP(topP())
                .maxTokens(maxTokens())
                .listeners(listener)
                .build();
    }

    @Override
    protected String modelName() {
        return KitGateway.CHAT;
    }

    @Override
    protected ChatModel createFailingModel(ChatModelListener listener) {
        return gateway.chat().route(KitGateway.REFUSED).listeners(listener).build();
    }

    @Override
    protected Class<? extends Exception> expectedExceptionClass() {
        return GatewayAuthenticationException.class;
    }
}
