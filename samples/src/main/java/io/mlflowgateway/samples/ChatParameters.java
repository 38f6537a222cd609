package io.mlflowgateway.samples;

import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.mlflowgateway.langchain4j.MlflowGatewayChatModel;
import io.mlflowgateway.langchain4j.MlflowGatewayChatRequestParameters;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Map;

/** Parameters of one request, which win over the model's own. */
public final class ChatParameters {
    private ChatParameters() {}

    // tag::chat-parameters[]
    static ChatResponse ask(ChatModel model, String question) {
        return model.chat(ChatRequest.builder()
                .messages(SystemMessage.from("Answer in one sentence."), UserMessage.from(question))
                .parameters(MlflowGatewayChatRequestParameters.builder()
                        .route("chat") // modelName is the same
                        .temperature(0.0)
                        .maxOutputTokens(200)
                        .seed(7)
                        .customHeaders(Map.of("X-Team", "search"))
                        .timeout(Duration.ofSeconds(20))
                        .build())
                .build());
    }
    // end::chat-parameters[]

    public static void main(String[] arguments) {
        run(SampleArguments.gateway(arguments), System.out);
    }

    /** @return the answer, with its metadata */
    public static ChatResponse run(String gateway, PrintStream out) {
        ChatModel model =
                MlflowGatewayChatModel.builder().baseUrl(gateway).route("chat").build();
        ChatResponse response = ask(model, "Who wrote Faust?");
        out.println(response.aiMessage().text());
        out.println(AnswerFacts.of(response));
        return response;
    }
}
