package io.mlflowgateway.langchain4j.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Calls completions routes: whole or streamed, in whichever shape the server speaks. */
public final class Completions {

    private final GatewayConnection connection;
    private final ChunkReader<CompletionEvent> chunks = new ChunkReader<>(head -> new CompletionChunks());

    /**
     * Calls through a connection.
     *
     * @param connection to the gateway
     */
    public Completions(GatewayConnection connection) {
        this.connection = connection;
    }

    /**
     * Asks for a whole text.
     *
     * @param call which route
     * @param prompt to complete
     * @param fields of the body besides it
     * @return the text
     */
    public Mono<CompletionAnswer> whole(RouteCall call, String prompt, Map<String, Object> fields) {
        ObjectNode body = body(prompt, fields);
        return connection.post(call, shape -> Json.bytes(inShape(body, shape))).map(Completions::read);
    }

    /**
     * Asks for a text in pieces. A server of the classic shape cannot stream: its whole text comes as one piece.
     *
     * @param call which route
     * @param prompt to complete
     * @param fields of the body besides it
     * @return the pieces, the last of which holds the answer
     */
    public Flux<CompletionEvent> streamed(RouteCall call, String prompt, Map<String, Object> fields) {
        ObjectNode body = body(prompt, fields).put("stream", true);
        body.putObject("stream_options").put("include_usage", true);
        return connection.inShape(
                call,
                (shape, begun) -> shape == WireShape.CLASSIC
                        ? whole(begun, prompt, fields).flatMapIterable(CompletionEvent::pieces)
                        : connection.stream(shape, begun, Json.bytes(body), chunks));
    }

    private static ObjectNode body(String prompt, Map<String, Object> fields) {
        ObjectNode body = Json.object().put("prompt", prompt);
        fields.forEach((name, value) -> body.set(name, Json.tree(value)));
        return body;
    }

    private static ObjectNode inShape(ObjectNode body, WireShape shape) {
        if (shape == WireShape.CLASSIC && body.has("n")) {
            ObjectNode classic = body.deepCopy();
            classic.set("candidate_count", classic.remove("n"));
            return classic;
        }
        return body;
    }

    private static CompletionAnswer read(WholeAnswer answer) {
        CompletionAnswer read = answer.read(Completions::read);
        return new CompletionAnswer(read.text(), read.finish(), read.usage().paid(new HeadFacts(answer.head())));
    }

    private static CompletionAnswer read(JsonNode json) {
        boolean classic = json.has("candidates");
        JsonNode first = json.path(classic ? "candidates" : "choices").path(0);
        // Some gateways complete a prompt by a chat model and keep its shape.
        String text = Json.text(first, "text")
                .or(() -> ChatReader.text(first.path("message").path("content")))
                .orElseThrow(() -> new UnreadableAnswer("the answer holds no text: is this a completions route?"));
        JsonNode finish = classic ? first.path("metadata").path("finish_reason") : first.path("finish_reason");
        UsageCounts usage =
                classic ? UsageCounts.classic(json.path("metadata")) : UsageCounts.openAi(json.path("usage"));
        return new CompletionAnswer(text, FinishReasons.of(finish), usage);
    }
}
