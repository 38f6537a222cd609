package io.mlflowgateway.samples;

import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import io.mlflowgateway.langchain4j.MlflowGatewayChatModel;
import java.io.PrintStream;

/** A question about a picture. */
public final class LookAtPicture {
    private static final String DOT =
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";

    private LookAtPicture() {}

    // tag::picture[]
    static String describe(ChatModel model, String base64) {
        UserMessage question =
                UserMessage.from(TextContent.from("What is in this picture?"), ImageContent.from(base64, "image/png"));
        return model.chat(question).aiMessage().text();
    }
    // end::picture[]

    public static void main(String[] arguments) {
        run(SampleArguments.gateway(arguments), System.out);
    }

    /** @return what the route answered; one that cannot see, such as {@code echo}, answers to the text */
    public static String run(String gateway, PrintStream out) {
        ChatModel model =
                MlflowGatewayChatModel.builder().baseUrl(gateway).route("chat").build();
        String answer = describe(model, DOT);
        out.println(answer);
        return answer;
    }
}
