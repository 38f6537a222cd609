package io.mlflowgateway.langchain4j;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.Response;
import io.mlflowgateway.langchain4j.internal.ChatAnswer;
import io.mlflowgateway.langchain4j.internal.CompletionAnswer;
import io.mlflowgateway.langchain4j.internal.UsageCounts;
import org.jspecify.annotations.Nullable;

/** What came over the wire, in LangChain4j's types. */
final class Answers {

    private Answers() {}

    static ChatResponse chat(ChatAnswer answer, String route) {
        return ChatResponse.builder()
                .aiMessage(answer.message())
                .metadata(MlflowGatewayChatResponseMetadata.builder()
                        .id(answer.id())
                        .modelName(route)
                        .tokenUsage(usage(answer.usage()))
                        .finishReason(answer.finish())
                        .servedModel(answer.model())
                        .requestId(answer.requestId().orElse(null))
                        .rawUsage(answer.usage().raw())
                        .build())
                .build();
    }

    static Response<String> completion(CompletionAnswer answer) {
        return Response.from(answer.text(), usage(answer.usage()), answer.finish());
    }

    static @Nullable MlflowGatewayTokenUsage usage(UsageCounts counts) {
        return counts.told()
                ? new MlflowGatewayTokenUsage(
                        counts.input(), counts.output(), counts.total(), counts.cached(), counts.reasoning())
                : null;
    }
}
