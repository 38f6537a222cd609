package io.mlflowgateway.langchain4j.spi;

import io.mlflowgateway.langchain4j.MlflowGatewayStreamingLanguageModel;
import java.util.function.Supplier;

/** Makes the builders that {@link MlflowGatewayStreamingLanguageModel#builder()} returns. The first one registered wins. */
public interface MlflowGatewayStreamingLanguageModelBuilderFactory
        extends Supplier<MlflowGatewayStreamingLanguageModel.MlflowGatewayStreamingLanguageModelBuilder> {}
