package io.mlflowgateway.langchain4j.spi;

import io.mlflowgateway.langchain4j.MlflowGatewayLanguageModel;
import java.util.function.Supplier;

/** Makes the builders that {@link MlflowGatewayLanguageModel#builder()} returns. The first one registered wins. */
public interface MlflowGatewayLanguageModelBuilderFactory
        extends Supplier<MlflowGatewayLanguageModel.MlflowGatewayLanguageModelBuilder> {}
