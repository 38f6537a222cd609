package io.mlflowgateway.langchain4j.spi;

import io.mlflowgateway.langchain4j.MlflowGatewayStreamingChatModel;
import java.util.function.Supplier;

/** Makes the builders that {@link MlflowGatewayStreamingChatModel#builder()} returns. The first one registered wins. */
public interface MlflowGatewayStreamingChatModelBuilderFactory
        extends Supplier<MlflowGatewayStreamingChatModel.MlflowGatewayStreamingChatModelBuilder> {}
