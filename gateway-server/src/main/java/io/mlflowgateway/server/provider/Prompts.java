package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.query.Body;
import io.mlflowgateway.server.query.Failure;
import java.util.ArrayList;
import java.util.List;

/** Reads OpenAI's request bodies as trees, for the providers that must translate. */
final class Prompts {
    private Prompts() {}

    /** The whole body. */
    static ObjectNode tree(Body body) {
        try {
            return (ObjectNode) Json.callersTree(body.bytes());
        } catch (JsonProcessingException e) {
            throw Failure.of(
                    Failure.Kind.INVALID_REQUEST,
                    "the body has more values than the provider of this route can be told",
                    e);
        }
    }

    /** The text of a message's {@code content}: the string itself, or its text parts one after another by line. */
    static String text(JsonNode content) {
        if (!content.isArray()) {
            return content.asText("");
        }
        List<String> parts = new ArrayList<>();
        for (JsonNode part : content) {
            if (part.path("text").isTextual()) {
                parts.add(part.path("text").asText());
            } else if (part.isTextual()) {
                parts.add(part.asText());
            }
        }
        return String.join("\n", parts);
    }

    /** The values of a member that may be one or a list. Token lists count as one each. */
    static List<JsonNode> oneOrMore(JsonNode value) {
        boolean isTokens = value.isArray() && value.path(0).isNumber();
        if (!value.isArray() || isTokens) {
            return value.isMissingNode() || value.isNull() ? List.of() : List.of(value);
        }
        List<JsonNode> all = new ArrayList<>();
        value.forEach(all::add);
        return all;
    }
}
