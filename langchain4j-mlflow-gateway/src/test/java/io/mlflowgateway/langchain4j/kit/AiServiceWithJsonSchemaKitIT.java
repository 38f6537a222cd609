package io.mlflowgateway.langchain4j.kit;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.service.common.AbstractAiServiceWithJsonSchemaIT;
import java.util.List;

/** Objects of every shape, read from what a model answers to a JSON schema, strict and not. */
@Kit
class AiServiceWithJsonSchemaKitIT extends AbstractAiServiceWithJsonSchemaIT {

    private final KitGateway gateway;

    AiServiceWithJsonSchemaKitIT(KitGateway gateway) {
        this.gateway = gateway;
    }

    @Override
    protected List<ChatModel> models() {
        return List.of(
                gateway.chat().build(), gateway.chat().strictJsonSchema(true).build());
    }

    @Override
    protected boolean supportsRecursion() {
        return true;
    }
}
