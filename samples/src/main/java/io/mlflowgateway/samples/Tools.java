package io.mlflowgateway.samples;

import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.service.AiServices;
import io.mlflowgateway.langchain4j.MlflowGatewayChatModel;
import java.io.PrintStream;

/** The model behind a route calls a method of ours, and answers from what it returned. */
public final class Tools {
    private Tools() {}

    // tag::tools[]
    static final class Warehouse {
        @Tool("How many pieces of an article are in stock")
        int inStock(@P("the article's name") String article) {
            return article.equals("lamp") ? 17 : 0;
        }
    }

    interface Clerk {
        String answer(String question);
    }

    static Clerk clerk(ChatModel chat) {
        return AiServices.builder(Clerk.class)
                .chatModel(chat)
                .tools(new Warehouse())
                .build();
    }
    // end::tools[]

    public static void main(String[] arguments) {
        run(SampleArguments.gateway(arguments), System.out);
    }

    /** @return what the route answered; a model that knows no tools, such as {@code echo}, answers without having asked */
    public static String run(String gateway, PrintStream out) {
        ChatModel chat =
                MlflowGatewayChatModel.builder().baseUrl(gateway).route("chat").build();
        String answer = clerk(chat).answer("How many lamps do we have?");
        out.println(answer);
        return answer;
    }
}
