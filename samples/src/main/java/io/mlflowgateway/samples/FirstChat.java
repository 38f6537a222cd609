package io.mlflowgateway.samples;

import dev.langchain4j.model.chat.ChatModel;
import io.mlflowgateway.langchain4j.MlflowGatewayChatModel;
import java.io.PrintStream;

/** The first thing anybody does: ask a route. */
public final class FirstChat {
    private FirstChat() {}

    public static void main(String[] arguments) {
        run(SampleArguments.gateway(arguments), System.out);
    }

    /** @return what the route answered */
    public static String run(String gateway, PrintStream out) {
        // tag::first-chat[]
        ChatModel model = MlflowGatewayChatModel.builder()
                .baseUrl(gateway)
                .route("chat") // a name in the gateway's configuration
                .temperature(0.2)
                .build();

        String answer = model.chat("Who wrote Faust?");
        out.println(answer);
        // end::first-chat[]
        return answer;
    }
}
