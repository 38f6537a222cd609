package io.mlflowgateway.samples;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import io.mlflowgateway.langchain4j.MlflowGatewayStreamingChatModel;
import java.io.PrintStream;
import java.util.concurrent.CompletableFuture;

/** A stream that its reader ends. */
public final class CancelStream {
    private CancelStream() {}

    // tag::cancel[]
    /** Reads no more than is wanted. After {@code cancel()} nothing else is called, so it says itself that it is over. */
    static final class Beginning implements StreamingChatResponseHandler {
        final CompletableFuture<String> text = new CompletableFuture<>();
        private final StringBuilder read = new StringBuilder();
        private final int wanted;

        Beginning(int wanted) {
            this.wanted = wanted;
        }

        @Override
        public void onPartialResponse(PartialResponse piece, PartialResponseContext context) {
            read.append(piece.text());
            if (read.length() >= wanted) {
                context.streamingHandle().cancel();
                text.complete(read.toString());
            }
        }

        @Override
        public void onCompleteResponse(ChatResponse response) {
            text.complete(read.toString());
        }

        @Override
        public void onError(Throwable failure) {
            text.completeExceptionally(failure);
        }
    }
    // end::cancel[]

    public static void main(String[] arguments) {
        run(SampleArguments.gateway(arguments), System.out);
    }

    /** @return what was read before the stream was cancelled */
    public static String run(String gateway, PrintStream out) {
        StreamingChatModel model = MlflowGatewayStreamingChatModel.builder()
                .baseUrl(gateway)
                .route("chat")
                .build();
        Beginning beginning = new Beginning(10);
        model.chat("one two three four five six seven eight nine ten", beginning);
        String read = beginning.text.join();
        out.println(read);
        return read;
    }
}
