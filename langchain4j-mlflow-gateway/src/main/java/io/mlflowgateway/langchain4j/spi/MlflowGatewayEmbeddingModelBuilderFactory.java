package io.mlflowgateway.langchain4j.spi;

import io.mlflowgateway.langchain4j.MlflowGatewayEmbeddingModel;
import java.util.function.Supplier;

/** Makes the builders that {@link MlflowGatewayEmbeddingModel#builder()} returns. The first one registered wins. */
public interface MlflowGatewayEmbeddingModelBuilderFactory
        extends Supplier<MlflowGatewayEmbeddingModel.MlflowGatewayEmbeddingModelBuilder> {}
