package io.mlflowgateway.samples;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.mlflowgateway.langchain4j.MlflowGatewayChatEvent;
import io.mlflowgateway.langchain4j.MlflowGatewayChatModel;
import io.mlflowgateway.langchain4j.MlflowGatewayStreamingChatModel;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Answers without a thread that waits for them. */
public final class WithoutBlocking {
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    private WithoutBlocking() {}

    // tag::mono[]
    /** Both questions are under way at once. */
    static Mono<String> both(MlflowGatewayChatModel model, String one, String other) {
        return Mono.zip(model.chatMono(one), model.chatMono(other))
                .map(answers -> answers.getT1() + "\n" + answers.getT2());
    }
    // end::mono[]

    // tag::future[]
    static CompletableFuture<ChatResponse> future(MlflowGatewayChatModel model, String question) {
        ChatRequest request =
                ChatRequest.builder().messages(UserMessage.from(question)).build();
        return model.chatMono(request).toFuture();
    }
    // end::future[]

    // tag::flux[]
    /** Taking three pieces cancels the rest, which closes the connection. */
    static Flux<String> firstPieces(MlflowGatewayStreamingChatModel model, String question) {
        return model.textFlux(question).take(3);
    }
    // end::flux[]

    // tag::events[]
    static Mono<ChatResponse> printed(MlflowGatewayStreamingChatModel model, ChatRequest request, PrintStream out) {
        return model.chatFlux(request)
                .doOnNext(event -> print(event, out))
                .ofType(MlflowGatewayChatEvent.Complete.class)
                .map(MlflowGatewayChatEvent.Complete::response)
                .single();
    }

    private static void print(MlflowGatewayChatEvent event, PrintStream out) {
        if (event instanceof MlflowGatewayChatEvent.Text text) {
            out.print(text.text());
        } else if (event instanceof MlflowGatewayChatEvent.ToolCall tool) {
            out.println(tool.call().toolExecutionRequest());
        }
    }
    // end::events[]

    public static void main(String[] arguments) {
        run(SampleArguments.gateway(arguments), System.out);
    }

    /** @return what each way of asking brought, in the order above */
    public static List<String> run(String gateway, PrintStream out) {
        MlflowGatewayChatModel whole =
                MlflowGatewayChatModel.builder().baseUrl(gateway).route("chat").build();
        MlflowGatewayStreamingChatModel streamed = MlflowGatewayStreamingChatModel.builder()
                .baseUrl(gateway)
                .route("chat")
                .build();
        String both = waited(both(whole, "Who wrote Faust?", "And when?"));
        String future = future(whole, "Who wrote Faust?").join().aiMessage().text();
        String pieces = String.join(
                "", waited(firstPieces(streamed, "one two three four five").collectList()));
        ChatRequest request =
                ChatRequest.builder().messages(UserMessage.from("Who?")).build();
        String events = waited(printed(streamed, request, out)).aiMessage().text();
        out.println();
        return List.of(both, future, pieces, events);
    }

    private static <T> T waited(Mono<T> answer) {
        return Optional.ofNullable(answer.block(DEADLINE)).orElseThrow();
    }
}
