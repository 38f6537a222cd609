package io.mlflowgateway.langchain4j.kit;

import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.common.AbstractEmbeddingModelIT;
import dev.langchain4j.model.embedding.listener.EmbeddingModelListener;
import java.util.List;

/** What every embedding model of LangChain4j does. */
@Kit
class EmbeddingModelKitIT extends AbstractEmbeddingModelIT {

    private final KitGateway gateway;

    EmbeddingModelKitIT(KitGateway gateway) {
        this.gateway = gateway;
    }

    @Override
    protected List<EmbeddingModel> models() {
        return List.of(gateway.embeddings().build());
    }

    @Override
    protected EmbeddingModel modelWith(EmbeddingModelListener listener) {
        return gateway.embeddings().listeners(listener).build();
    }

    @Override
    protected EmbeddingModel failingModelWith(EmbeddingModelListener listener) {
        return gateway.embeddings()
                .route(KitGateway.REFUSED_EMBEDDINGS)
                .listeners(listener)
                .build();
    }

    @Override
    @Because("OpenAI's embeddings API, which the gateway speaks, takes texts only")
    protected boolean supportsImageInput() {
        return false;
    }

    @Override
    @Because("as for images")
    protected boolean supportsInterleavedInput() {
        return false;
    }
}
