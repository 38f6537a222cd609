package io.mlflowgateway.server.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.query.Piece;
import java.util.List;
import java.util.Map;

/** Puts a chat stream together as a client does, and checks what clients rely on. */
final class Assembled {
    private final ObjectNode answer = JsonNodeFactory.instance.objectNode();

    private Assembled() {}

    /** The whole answer the pieces amount to. */
    static ObjectNode of(List<Piece> pieces) {
        Assembled assembled = new Assembled();
        assembled.answer.putArray("choices");
        for (int i = 0; i < pieces.size(); i++) {
            JsonNode chunk = ProviderContract.json(pieces.get(i).json());
            assertThat(chunk.path("object").asText()).isEqualTo("chat.completion.chunk");
            assembled.same("id", chunk);
            assembled.same("model", chunk);
            assembled.same("created", chunk);
            assertThat(chunk.has("usage")).as("usage comes last").isEqualTo(i == pieces.size() - 1);
            chunk.path("choices").forEach(assembled::choice);
            if (chunk.has("usage")) {
                assertThat(chunk.path("choices")).isEmpty();
                assertThat(pieces.get(i).usageOnly()).isTrue();
                assembled.answer.set("usage", chunk.path("usage"));
            }
        }
        return assembled.answer.put("object", "chat.completion");
    }

    private void same(String member, JsonNode chunk) {
        assertThat(chunk.hasNonNull(member)).as(member).isTrue();
        if (answer.has(member)) {
            assertThat(chunk.path(member))
                    .as("one " + member + " in all chunks")
                    .isEqualTo(answer.path(member));
        }
        answer.set(member, chunk.path(member));
    }

    private void choice(JsonNode chunk) {
        int index = chunk.path("index").asInt();
        ArrayNode choices = answer.withArray("choices");
        while (choices.size() <= index) {
            ObjectNode choice = choices.addObject();
            choice.put("index", choices.size() - 1);
            choice.putObject("message").putNull("content");
        }
        ObjectNode choice = (ObjectNode) choices.get(index);
        assertThat(choice.has("finish_reason"))
                .as("nothing comes after the finish reason")
                .isFalse();
        chunk.path("delta").properties().forEach(member -> add(member, (ObjectNode) choice.path("message")));
        if (chunk.hasNonNull("finish_reason")) {
            choice.set("finish_reason", chunk.path("finish_reason"));
            if (chunk.has("native_finish_reason")) {
                choice.set("native_finish_reason", chunk.path("native_finish_reason"));
            }
        }
    }

    private static void add(Map.Entry<String, JsonNode> delta, ObjectNode message) {
        String name = delta.getKey();
        if (name.equals("role")) {
            assertThat(message.has("role")).as("the role comes once").isFalse();
            message.set("role", delta.getValue());
        } else if (name.equals("tool_calls")) {
            delta.getValue().forEach(call -> addCall(call, message.withArray("tool_calls")));
        } else if (delta.getValue().isArray()) {
            message.withArray(name).addAll((ArrayNode) delta.getValue());
        } else if (!delta.getValue().asText().isEmpty()) {
            message.put(name, message.path(name).asText("") + delta.getValue().asText());
        }
    }

    private static void addCall(JsonNode delta, ArrayNode calls) {
        int index = delta.path("index").asInt();
        JsonNode function = delta.path("function");
        if (index == calls.size()) {
            assertThat(delta.path("id").asText()).as("id of a tool call").isNotEmpty();
            ObjectNode call = calls.addObject();
            call.set("id", delta.path("id"));
            call.set("type", delta.path("type"));
            call.putObject("function")
                    .put("name", function.path("name").asText())
                    .put("arguments", "");
        }
        assertThat(index).as("tool calls are numbered from 0").isLessThan(calls.size());
        ObjectNode call = (ObjectNode) calls.get(index).path("function");
        call.put(
                "arguments",
                call.path("arguments").asText() + function.path("arguments").asText(""));
    }
}
