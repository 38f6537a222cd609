package io.mlflowgateway.langchain4j.kit;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.common.AbstractStreamingChatModelListenerIT;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import io.mlflowgateway.langchain4j.failure.GatewayAuthenticationException;

/** What listeners are told; the failure is the provider's, which refuses the gateway's credential. */
@Kit
class StreamingChatModelListenerKitIT extends AbstractStreamingChatModelListenerIT {

    private final KitGateway gateway;

    StreamingChatModelListenerKitIT(KitGateway gateway) {
        this.gateway = gateway;
    }

    @Override
    protected StreamingChatModel createModel(ChatModelListener listener) {
        return gateway.streamingChat()
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
    protected StreamingChatModel createFailingModel(ChatModelListener listener) {
        return gateway.streamingChat()
                .route(KitGateway.REFUSED)
                .listeners(listener)
                .build();
    }

    @Override
    protected Class<? extends Exception> expectedExceptionClass() {
        return GatewayAuthenticationException.class;
    }
}
