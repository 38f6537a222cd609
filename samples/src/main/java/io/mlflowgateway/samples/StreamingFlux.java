package io.mlflowgateway.samples;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.service.AiServices;
import io.mlflowgateway.langchain4j.MlflowGatewayStreamingChatModel;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import reactor.core.publisher.Flux;

/** An answer that arrives piece by piece, as a Reactor {@code Flux<String>}. */
public final class StreamingFlux {
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    private StreamingFlux() {}

    // tag::streaming-flux[]
    interface Teller {
        Flux<String> tell(String question);
    }

    static Flux<String> pieces(String gateway, String question) {
        StreamingChatModel chat = MlflowGatewayStreamingChatModel.builder()
                .baseUrl(gateway)
                .route("chat")
                .build();
        return AiServices.builder(Teller.class).streamingChatModel(chat).build().tell(question);
    }
    // end::streaming-flux[]

    public static void main(String[] arguments) {
        run(SampleArguments.gateway(arguments), System.out);
    }

    /** @return the pieces in the order of their arrival; fails when the stream does, or takes a minute */
    public static List<String> run(String gateway, PrintStream out) {
        List<String> pieces = pieces(gateway, "What is the capital of France, and what is it known for?")
                .doOnNext(piece -> out.print(piece + "·"))
                .collectList()
                .blockOptional(DEADLINE)
                .orElseThrow();
        out.println();
        out.println(pieces.size() + " pieces");
        return pieces;
    }
}
