package io.mlflowgateway.langchain4j.spi;

import io.mlflowgateway.langchain4j.MlflowGatewayChatModel;
import java.util.function.Supplier;

/** Makes the builders that {@link MlflowGatewayChatModel#builder()} returns. The first one registered wins. */
public interface MlflowGatewayChatModelBuilderFactory
        extends Supplier<MlflowGatewayChatModel.MlflowGatewayChatModelBuilder> {}
