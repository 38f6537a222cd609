package io.mlflowgateway.server.provider.chat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.query.Failure;
import java.nio.charset.StandardCharsets;

/**
 * A tool the model wants called.
 *
 * @param id what the result refers to
 * @param arguments JSON as text; a model may have written anything
 */
public record ToolCall(String id, String name, String arguments) {

    /** The arguments, for a provider that takes an object. Fails with 400 where they are none. */
    public ObjectNode argumentsObject() {
        if (arguments.isBlank()) {
            return JsonNodeFactory.instance.objectNode();
        }
        try {
            JsonNode tree = Json.callersTree(arguments.getBytes(StandardCharsets.UTF_8));
            if (tree instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException e) {
            throw notAnObject();
        }
        throw notAnObject();
    }

    private Failure notAnObject() {
        return Failure.of(
                Failure.Kind.INVALID_REQUEST,
                "the arguments of tool call '" + id + "' in messages are not a JSON object");
    }
}
