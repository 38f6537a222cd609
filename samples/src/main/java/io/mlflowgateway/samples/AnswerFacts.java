package io.mlflowgateway.samples;

import dev.langchain4j.model.chat.response.ChatResponse;
import io.mlflowgateway.langchain4j.MlflowGatewayChatResponseMetadata;
import io.mlflowgateway.langchain4j.MlflowGatewayTokenUsage;

/** What a gateway tells of an answer: who gave it, in which time, for how many tokens. */
final class AnswerFacts {
    private AnswerFacts() {}

    // tag::answer-facts[]
    /** What was not told is {@code null} in it. */
    static String of(ChatResponse response) {
        if (response.metadata() instanceof MlflowGatewayChatResponseMetadata told) {
            MlflowGatewayTokenUsage usage = told.tokenUsage();
            return told.route() + " asked " + told.servedModel() + " of " + told.provider()
                    + ", attempts " + told.attempts()
                    + ", request " + told.requestId()
                    + ", latency " + told.latency()
                    + ", limits " + told.limitState()
                    + ", tokens " + (usage == null ? null : usage.totalTokenCount())
                    + ", cost " + (usage == null ? null : usage.cost());
        }
        return "not the answer of a gateway";
    }
    // end::answer-facts[]
}
