package io.mlflowgateway.samples;

import dev.langchain4j.exception.LangChain4jException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.ChatModel;
import io.mlflowgateway.langchain4j.MlflowGatewayChatModel;
import io.mlflowgateway.langchain4j.failure.FailureDetails;
import io.mlflowgateway.langchain4j.failure.GatewayFailure;
import java.io.PrintStream;

/** What a call that fails tells: LangChain4j's exception says what kind it is, the gateway's details say the rest. */
public final class CatchFailure {
    private CatchFailure() {}

    // tag::catch-failure[]
    static String ask(ChatModel model, String question) {
        try {
            return model.chat(question);
        } catch (RateLimitException e) {
            return "too many calls, try again later";
        } catch (LangChain4jException e) {
            if (e instanceof GatewayFailure failure) {
                FailureDetails details = failure.details();
                return "failed with status " + details.status().orElse(0) + ", request "
                        + details.requestId().orElse("unknown") + ": " + e.getMessage();
            }
            throw e;
        }
    }
    // end::catch-failure[]

    public static void main(String[] arguments) {
        run(SampleArguments.gateway(arguments), "nobody", System.out);
    }

    /** @return the answer of the route, or what there is to say of the failure */
    public static String run(String gateway, String route, PrintStream out) {
        ChatModel model = MlflowGatewayChatModel.builder()
                .baseUrl(gateway)
                .route(route)
                .maxRetries(0)
                .build();
        String said = ask(model, "Who wrote Faust?");
        out.println(said);
        return said;
    }
}
