package io.mlflowgateway.samples;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.mlflowgateway.langchain4j.MlflowGatewayChatModel;
import io.mlflowgateway.langchain4j.fallback.FallbackChatModel;
import io.mlflowgateway.langchain4j.fallback.FallbackChatResponseMetadata;
import io.mlflowgateway.langchain4j.fallback.FallbackOrder;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;

/** Several models as one: the next answers when one fails, or all share the calls. */
public final class FallbackModels {
    private FallbackModels() {}

    // tag::fallback[]
    static ChatModel inOrder(ChatModel first, ChatModel second) {
        return FallbackChatModel.builder()
                .model("first", first)
                .model("second", second)
                .build();
    }
    // end::fallback[]

    // tag::pool[]
    static ChatModel pool(ChatModel large, ChatModel small) {
        return FallbackChatModel.builder()
                .order(FallbackOrder.ROUND_ROBIN)
                .model("large", large, 3) // three calls of four
                .model("small", small, 1)
                .coolDown(Duration.ofSeconds(30))
                .build();
    }
    // end::pool[]

    // tag::who[]
    static String who(ChatResponse response) {
        return response.metadata() instanceof FallbackChatResponseMetadata metadata
                ? metadata.answeredBy() + " after " + metadata.failedTries()
                : "unknown";
    }
    // end::who[]

    public static void main(String[] arguments) {
        run(SampleArguments.gateway(arguments), System.out);
    }

    /** @return who answered: a fallback whose first member has no route, then a pool four times */
    public static List<String> run(String gateway, PrintStream out) {
        ChatModel chat = model(gateway, "chat");
        String fallen = who(ask(inOrder(model(gateway, "nobody"), chat)));
        ChatModel pool = pool(chat, chat);
        List<String> said = List.of(fallen, who(ask(pool)), who(ask(pool)), who(ask(pool)), who(ask(pool)));
        said.forEach(out::println);
        return said;
    }

    private static ChatResponse ask(ChatModel model) {
        return model.chat(UserMessage.from("Who wrote Faust?"));
    }

    private static ChatModel model(String gateway, String route) {
        return MlflowGatewayChatModel.builder().baseUrl(gateway).route(route).build();
    }
}
