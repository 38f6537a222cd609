package io.mlflowgateway.samples;

import dev.langchain4j.model.chat.response.ChatResponse;
import io.mlflowgateway.langchain4j.MlflowGatewayChatResponseMetadata;
import java.util.Optional;

/** Which model stood behind a route: its name is the route's, the one that answered is in the gateway's metadata. */
final class ModelBehind {
    private ModelBehind() {}

    // tag::model-behind[]
    /** @return {@code unknown} when the gateway did not tell */
    static String of(ChatResponse response) {
        if (response.metadata() instanceof MlflowGatewayChatResponseMetadata metadata) {
            return Optional.ofNullable(metadata.servedModel()).orElse("unknown");
        }
        return "unknown";
    }
    // end::model-behind[]
}
