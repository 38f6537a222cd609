package io.mlflowgateway.samples;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.mlflowgateway.langchain4j.MlflowGatewayChatModel;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** One chain, two routes, side by side: which model answers is one string, chosen per call. */
public final class RouteSwap {
    private RouteSwap() {}

    /** What one route said, and the model behind it. */
    public record Said(String route, String model, String answer) {}

    public static void main(String[] arguments) {
        run(SampleArguments.gateway(arguments), List.of("chat", "chat-b"), System.out);
    }

    public static List<Said> run(String gateway, List<String> routes, PrintStream out) {
        ChatModel chat = MlflowGatewayChatModel.builder()
                .baseUrl(gateway)
                .route(routes.get(0))
                .build();
        List<Said> answers = new ArrayList<>();
        for (String route : routes) {
            ChatResponse response = ask(chat, route, "What is the capital of France?");
            answers.add(new Said(
                    route, ModelBehind.of(response), response.aiMessage().text()));
        }
        SideBySide.print(answers, out);
        return answers;
    }

    // tag::route-swap[]
    static ChatResponse ask(ChatModel chat, String route, String question) {
        return chat.chat(ChatRequest.builder()
                .modelName(route)
                .messages(UserMessage.from(question))
                .build());
    }
    // end::route-swap[]
}
