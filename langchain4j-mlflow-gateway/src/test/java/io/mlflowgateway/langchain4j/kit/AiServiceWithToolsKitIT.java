package io.mlflowgateway.langchain4j.kit;

import dev.langchain4j.data.image.Image;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.service.common.AbstractAiServiceWithToolsIT;
import java.util.List;

/** Tools of every kind of parameter, called through an AI service. */
@Kit
class AiServiceWithToolsKitIT extends AbstractAiServiceWithToolsIT {

    private final KitGateway gateway;

    AiServiceWithToolsKitIT(KitGateway gateway) {
        this.gateway = gateway;
    }

    @Override
    protected List<ChatModel> models() {
        return List.of(gateway.chat().build(), gateway.chat().strictTools(true).build());
    }

    @Override
    protected boolean supportsRecursion() {
        return true;
    }

    @Override
    protected boolean verifyModelInteractions() {
        return true;
    }

    @Override
    @Because("OpenAI's chat completions, which the gateway speaks, take only text as the result of a tool")
    protected boolean supportsMultimodalToolResults() {
        return false;
    }

    /** The kit's own is fetched from the web. */
    @Override
    protected Image catImage() {
        return Image.builder().base64Data("Y2F0").mimeType("image/png").build();
    }
}
