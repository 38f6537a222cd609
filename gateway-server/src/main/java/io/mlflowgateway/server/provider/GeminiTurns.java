package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.provider.chat.ChatQuery;
import io.mlflowgateway.server.provider.chat.Part;
import io.mlflowgateway.server.provider.chat.ToolCall;
import io.mlflowgateway.server.provider.chat.Turn;
import io.mlflowgateway.server.query.Failure;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Writes turns as contents. The results of one turn's tools stand in one content; a result names its function. */
final class GeminiTurns {
    private final Map<String, String> toolNames;
    private final ArrayNode contents = JsonNodeFactory.instance.arrayNode();
    private boolean lastWasResult;

    private GeminiTurns(ChatQuery query) {
        this.toolNames = query.toolNames();
    }

    static ArrayNode write(ChatQuery query) {
        GeminiTurns turns = new GeminiTurns(query);
        query.conversation().forEach(turns::add);
        if (turns.contents.isEmpty()) {
            throw Failure.of(Failure.Kind.UNPROCESSABLE, "messages must hold one that is not the system's");
        }
        return turns.contents;
    }

    private void add(Turn turn) {
        boolean isResult = turn.role() == Turn.Role.TOOL;
        ArrayNode parts = isResult && lastWasResult
                ? (ArrayNode) contents.path(contents.size() - 1).path("parts")
                : JsonNodeFactory.instance.arrayNode();
        if (isResult) {
            result(parts.addObject().putObject("functionResponse"), turn);
        } else {
            turn.parts().forEach(part -> part(parts.addObject(), part));
            turn.toolCalls().forEach(call -> call(parts.addObject(), call));
        }
        if (!parts.isEmpty() && !(isResult && lastWasResult)) {
            String role = turn.role() == Turn.Role.ASSISTANT ? "model" : "user";
            contents.addObject().put("role", role).set("parts", parts);
        }
        lastWasResult = isResult;
    }

    private static void call(ObjectNode part, ToolCall call) {
        part.putObject("functionCall").put("name", call.name()).set("args", call.argumentsObject());
        String signature = ThoughtSignature.of(call.id()).base64();
        if (!signature.isEmpty()) {
            part.put("thoughtSignature", signature);
        }
    }

    private void result(ObjectNode response, Turn turn) {
        String name = toolNames.getOrDefault(turn.toolCallId(), "");
        response.put("name", name.isEmpty() ? turn.message().path("name").asText(turn.toolCallId()) : name);
        response.set("response", object(turn.text()));
    }

    /** The API takes an object: the result itself where it is one. */
    private static JsonNode object(String text) {
        try {
            JsonNode tree = Json.callersTree(text.getBytes(StandardCharsets.UTF_8));
            if (tree.isObject()) {
                return tree;
            }
        } catch (JsonProcessingException e) {
            // Plain text, as most results are.
            return JsonNodeFactory.instance.objectNode().put("result", text);
        }
        return JsonNodeFactory.instance.objectNode().put("result", text);
    }

    private static void part(ObjectNode json, Part part) {
        if (part instanceof Part.Text text) {
            json.put("text", text.text());
        } else if (part instanceof Part.InlineImage image) {
            inline(json, image.mediaType(), image.base64());
        } else if (part instanceof Part.InlineFile file) {
            inline(json, file.mediaType(), file.base64());
        } else if (part instanceof Part.LinkedImage image) {
            json.putObject("fileData").put("fileUri", image.url());
        } else if (part instanceof Part.Other other) {
            throw Failure.of(
                    Failure.Kind.UNPROCESSABLE,
                    other.at() + " is of type '" + other.type() + "', which gemini does not take");
        }
    }

    private static void inline(ObjectNode json, String mediaType, String base64) {
        json.putObject("inlineData").put("mimeType", mediaType).put("data", base64);
    }
}
