package io.mlflowgateway.langchain4j.spi;

import io.mlflowgateway.langchain4j.MlflowGatewayModelCatalog;
import java.util.function.Supplier;

/** Makes the builders that {@link MlflowGatewayModelCatalog#builder()} returns. The first one registered wins. */
public interface MlflowGatewayModelCatalogBuilderFactory
        extends Supplier<MlflowGatewayModelCatalog.MlflowGatewayModelCatalogBuilder> {}
