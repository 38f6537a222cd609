package io.mlflowgateway.samples;

import dev.langchain4j.model.chat.ChatModel;
import io.mlflowgateway.langchain4j.MlflowGatewayChatModel;
import io.mlflowgateway.langchain4j.MlflowGatewayDialect;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Map;

/** A model as one would have written it for {@code langchain4j-open-ai}. */
public final class FromOpenAi {
    private FromOpenAi() {}

    // tag::from-open-ai[]
    static ChatModel model(String gateway, String apiKey) {
        return MlflowGatewayChatModel.builder() // was OpenAiChatModel.builder()
                .baseUrl(gateway) // was .../v1
                .modelName("chat") // the name of a route
                .apiKey(apiKey)
                .temperature(0.2)
                .maxTokens(200)
                .timeout(Duration.ofSeconds(30))
                .maxRetries(2)
                .customHeaders(Map.of("X-Team", "search"))
                .logRequests(true)
                .build();
    }
    // end::from-open-ai[]

    // tag::openai-surface[]
    static ChatModel openAi(String gateway) {
        return MlflowGatewayChatModel.builder()
                .baseUrl(gateway + "/v1")
                .dialect(MlflowGatewayDialect.OPENAI)
                .modelName("chat")
                .build();
    }
    // end::openai-surface[]

    public static void main(String[] arguments) {
        run(SampleArguments.gateway(arguments), System.out);
    }

    /** @return what was answered on MLflow's surface, and the same on OpenAI's */
    public static String run(String gateway, PrintStream out) {
        String answer = model(gateway, "not-needed").chat("Who wrote Faust?") + " "
                + openAi(gateway).chat("And when?");
        out.println(answer);
        return answer;
    }
}
