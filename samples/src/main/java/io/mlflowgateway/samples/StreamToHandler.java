package io.mlflowgateway.samples;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import io.mlflowgateway.langchain4j.MlflowGatewayStreamingChatModel;
import java.io.PrintStream;
import java.util.concurrent.CompletableFuture;

/** An answer that arrives piece by piece, told to a handler. */
public final class StreamToHandler {
    private StreamToHandler() {}

    // tag::streaming[]
    static CompletableFuture<ChatResponse> tell(String gateway, String question, PrintStream out) {
        StreamingChatModel model = MlflowGatewayStreamingChatModel.builder()
                .baseUrl(gateway)
                .route("chat")
                .build();
        CompletableFuture<ChatResponse> end = new CompletableFuture<>();
        model.chat(question, new StreamingChatResponseHandler() {
            @Override
            public void onPartialResponse(String piece) {
                out.print(piece);
            }

            @Override
            public void onCompleteResponse(ChatResponse response) {
                end.complete(response);
            }

            @Override
            public void onError(Throwable failure) {
                end.completeExceptionally(failure);
            }
        });
        return end;
    }
    // end::streaming[]

    public static void main(String[] arguments) {
        run(SampleArguments.gateway(arguments), System.out);
    }

    /** @return the whole answer, which the pieces were parts of */
    public static ChatResponse run(String gateway, PrintStream out) {
        ChatResponse response = tell(gateway, "Who wrote Faust?", out).join();
        out.println();
        return response;
    }
}
