package io.mlflowgateway.langchain4j.kit;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.catalog.AbstractModelCatalogIT;
import dev.langchain4j.model.catalog.ModelCatalog;
import io.mlflowgateway.langchain4j.MlflowGatewayModelCatalog;

/** What every catalog of models does. */
@Kit
class ModelCatalogKitIT extends AbstractModelCatalogIT {

    private final KitGateway gateway;

    ModelCatalogKitIT(KitGateway gateway) {
        this.gateway = gateway;
    }

    @Override
    protected ModelCatalog createModelCatalog() {
        return MlflowGatewayModelCatalog.builder().baseUrl(gateway.url()).build();
    }

    @Override
    protected ModelProvider expectedProvider() {
        return ModelProvider.OTHER;
    }
}
