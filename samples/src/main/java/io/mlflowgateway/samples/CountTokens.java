package io.mlflowgateway.samples;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.listener.ChatModelResponseContext;
import dev.langchain4j.model.output.TokenUsage;
import io.mlflowgateway.langchain4j.MlflowGatewayChatModel;
import java.io.PrintStream;
import java.util.concurrent.atomic.LongAdder;

/** A listener that is told of every answer of a model. */
public final class CountTokens {
    private CountTokens() {}

    // tag::listener[]
    static final class TokenCount implements ChatModelListener {
        final LongAdder tokens = new LongAdder();

        @Override
        public void onResponse(ChatModelResponseContext context) {
            TokenUsage usage = context.chatResponse().tokenUsage();
            if (usage != null && usage.totalTokenCount() != null) { // some servers tell none
                tokens.add(usage.totalTokenCount());
            }
        }
    }
    // end::listener[]

    public static void main(String[] arguments) {
        run(SampleArguments.gateway(arguments), System.out);
    }

    /** @return how many tokens two calls took */
    public static long run(String gateway, PrintStream out) {
        TokenCount count = new TokenCount();
        ChatModel model = MlflowGatewayChatModel.builder()
                .baseUrl(gateway)
                .route("chat")
                .listeners(count)
                .build();
        model.chat("Who wrote Faust?");
        model.chat("And when?");
        out.println(count.tokens + " tokens");
        return count.tokens.sum();
    }
}
