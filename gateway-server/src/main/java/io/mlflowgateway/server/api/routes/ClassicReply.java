package io.mlflowgateway.server.api.routes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.query.Body;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.routing.TargetRoute;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** An OpenAI-shaped answer in MLflow 2.8's shape: {@code candidates} or {@code embeddings}, and {@code metadata}. */
final class ClassicReply {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private static final byte[] EMBEDDINGS = "{\"embeddings\":".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] METADATA = ",\"metadata\":".getBytes(StandardCharsets.US_ASCII);

    private ClassicReply() {}

    static byte[] write(TargetRoute route, String model, Body answer) {
        if (route.task() == Task.EMBEDDINGS) {
            return embeddings(route, model, answer);
        }
        JsonNode openAi = tree(answer.bytes());
        ObjectNode classic = NODES.objectNode();
        classic.set("candidates", candidates(openAi, route.task() == Task.CHAT));
        classic.set("metadata", metadata(route, model, openAi));
        return Json.bytes(classic);
    }

    private static byte[] embeddings(TargetRoute route, String model, Body answer) {
        ObjectNode told = NODES.objectNode();
        for (String name : List.of("model", "usage")) {
            answer.member(name)
                    .ifPresent(member -> told.set(name, tree(answer.raw(member).getBytes(StandardCharsets.UTF_8))));
        }
        byte[] metadata = Json.bytes(metadata(route, model, told));
        ByteArrayOutputStream classic = new ByteArrayOutputStream(answer.bytes().length + metadata.length + 64);
        classic.writeBytes(EMBEDDINGS);
        Vectors.write(answer, classic);
        classic.writeBytes(METADATA);
        classic.writeBytes(metadata);
        classic.write('}');
        return classic.toByteArray();
    }

    private static ArrayNode candidates(JsonNode openAi, boolean chat) {
        ArrayNode candidates = NODES.arrayNode();
        for (JsonNode choice : list(openAi, "choices")) {
            ObjectNode candidate = candidates.addObject();
            if (chat) {
                candidate.set("message", message(choice.path("message")));
            } else {
                candidate.set("text", choice.path("text"));
            }
            candidate.set("metadata", finish(choice.path("finish_reason"), chat));
        }
        return candidates;
    }

    /** Role and content, as 2.8 had them; what it did not know (tool calls) is kept beside them. */
    private static ObjectNode message(JsonNode message) {
        ObjectNode classic = NODES.objectNode();
        classic.put("role", message.path("role").asText("assistant"));
        classic.put("content", message.path("content").asText(""));
        message.properties().forEach(property -> {
            if (!classic.has(property.getKey()) && !property.getValue().isNull()) {
                classic.set(property.getKey(), property.getValue());
            }
        });
        return classic;
    }

    /** 2.8 knew {@code stop} and {@code length}; other reasons come as the provider gave them. */
    private static ObjectNode finish(JsonNode reason, boolean chat) {
        ObjectNode metadata = NODES.objectNode();
        if (reason.isTextual()) {
            metadata.set("finish_reason", reason);
        } else if (chat) {
            metadata.putNull("finish_reason");
        }
        return metadata;
    }

    private static ObjectNode metadata(TargetRoute route, String model, JsonNode openAi) {
        JsonNode usage = openAi.path("usage");
        ObjectNode metadata = NODES.objectNode();
        metadata.set("input_tokens", count(usage.path("prompt_tokens")));
        metadata.set(
                "output_tokens",
                route.task() == Task.EMBEDDINGS ? NODES.numberNode(0) : count(usage.path("completion_tokens")));
        metadata.set("total_tokens", count(usage.path("total_tokens")));
        metadata.put("model", openAi.path("model").asText(model));
        metadata.put("route_type", route.task().wireName());
        return metadata;
    }

    private static JsonNode count(JsonNode tokens) {
        return tokens.isNumber() ? tokens : NODES.nullNode();
    }

    private static JsonNode list(JsonNode openAi, String name) {
        JsonNode list = openAi.path(name);
        if (!list.isArray()) {
            throw Failure.of(Failure.Kind.UPSTREAM_INVALID, "the provider's answer has no list '" + name + "'");
        }
        return list;
    }

    private static JsonNode tree(byte[] answer) {
        try {
            return Json.tree(answer);
        } catch (JsonProcessingException e) {
            throw Failure.of(Failure.Kind.UPSTREAM_INVALID, "the provider's answer is too much for this API", e);
        }
    }
}
