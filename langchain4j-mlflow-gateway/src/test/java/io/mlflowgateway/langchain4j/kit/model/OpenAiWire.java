package io.mlflowgateway.langchain4j.kit.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Answers in OpenAI's shapes (API reference, "The chat completion object" and "The chat completion chunk object"). */
final class OpenAiWire {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final String id;
    private final String model;

    /** @param id begins the ids of everything in this answer */
    OpenAiWire(String id, String model) {
        this.id = id;
        this.model = model;
    }

    JsonNode whole(Generation generation) {
        ObjectNode message = JSON.objectNode().put("role", "assistant");
        if (generation.calls().isEmpty()) {
            message.put("content", generation.text());
        } else {
            message.putNull("content");
            ArrayNode calls = message.putArray("tool_calls");
            IntStream.range(0, generation.calls().size())
                    .forEach(at -> calls.add(call(at, generation.calls().get(at))));
        }
        ObjectNode choice = JSON.objectNode().put("index", 0).set("message", message);
        choice.put("finish_reason", generation.finish());
        ObjectNode body = head("chat.completion");
        body.putArray("choices").add(choice);
        return body.set("usage", usage(generation));
    }

    private ObjectNode call(int at, Answer.Call call) {
        ObjectNode function = JSON.objectNode()
                .put("name", call.tool())
                .put("arguments", call.arguments().toString());
        return JSON.objectNode()
                .put("id", "call-" + id + "-" + at)
                .put("type", "function")
                .set("function", function);
    }

    /** {@return the data of the events, without the last} */
    Stream<JsonNode> events(Generation generation) {
        Stream<JsonNode> role = Stream.of(chunk(JSON.objectNode().put("role", "assistant")));
        Stream<JsonNode> words = generation.tokens().stream()
                .map(token -> chunk(JSON.objectNode().put("content", token)));
        Stream<JsonNode> calls = IntStream.range(0, generation.calls().size())
                .boxed()
                .flatMap(at -> events(at, generation.calls().get(at)));
        ObjectNode end = chunk(JSON.objectNode());
        ((ObjectNode) end.at("/choices/0")).put("finish_reason", generation.finish());
        ObjectNode last = head("chat.completion.chunk");
        last.putArray("choices");
        last.set("usage", usage(generation));
        return Stream.of(role, words, calls, Stream.<JsonNode>of(end, last)).flatMap(each -> each);
    }

    private Stream<JsonNode> events(int at, Answer.Call call) {
        ObjectNode begun = call(at, call).put("index", at);
        ((ObjectNode) begun.path("function")).put("arguments", "");
        Stream<ObjectNode> pieces = Generation.pieces(call).stream()
                .map(piece -> JSON.objectNode()
                        .put("index", at)
                        .set("function", JSON.objectNode().put("arguments", piece)));
        return Stream.concat(Stream.of(begun), pieces)
                .map(piece -> chunk(
                        JSON.objectNode().set("tool_calls", JSON.arrayNode().add(piece))));
    }

    private ObjectNode chunk(ObjectNode delta) {
        ObjectNode choice = JSON.objectNode().put("index", 0).set("delta", delta);
        choice.putNull("finish_reason");
        ObjectNode chunk = head("chat.completion.chunk");
        chunk.putArray("choices").add(choice);
        return chunk;
    }

    private ObjectNode head(String object) {
        return JSON.objectNode()
                .put("id", id)
                .put("object", object)
                .put("created", 1_700_000_000)
                .put("model", model);
    }

    private static ObjectNode usage(Generation generation) {
        return JSON.objectNode()
                .put("prompt_tokens", generation.promptTokens())
                .put("completion_tokens", generation.completionTokens())
                .put("total_tokens", generation.promptTokens() + generation.completionTokens());
    }

    JsonNode embeddings(List<float[]> vectors, int tokens) {
        ObjectNode body = JSON.objectNode().put("object", "list").put("model", model);
        ArrayNode data = body.putArray("data");
        for (int at = 0; at < vectors.size(); at++) {
            ObjectNode one = JSON.objectNode().put("object", "embedding").put("index", at);
            ArrayNode numbers = one.putArray("embedding");
            for (float number : vectors.get(at)) {
                numbers.add(number);
            }
            data.add(one);
        }
        return body.set("usage", JSON.objectNode().put("prompt_tokens", tokens).put("total_tokens", tokens));
    }
}
