package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.provider.chat.CallersTree;
import io.mlflowgateway.server.provider.chat.ChatQuery;
import io.mlflowgateway.server.provider.chat.Parameters;
import io.mlflowgateway.server.provider.chat.Part;
import io.mlflowgateway.server.provider.chat.ResponseFormat;
import io.mlflowgateway.server.provider.chat.Turn;
import io.mlflowgateway.server.query.Body;
import io.mlflowgateway.server.query.Failure;
import java.util.ArrayList;
import java.util.List;

/** Reads OpenAI's request bodies as trees, for the providers that must translate. */
final class Prompts {
    private Prompts() {}

    /** The whole body. */
    static ObjectNode tree(Body body) {
        return (ObjectNode) CallersTree.of(body.bytes());
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

    /**
     * The texts to embed, at least one; tokens are none.
     *
     * @param provider as the refusal names it
     */
    static List<JsonNode> texts(JsonNode input, String provider) {
        List<JsonNode> texts = oneOrMore(input);
        if (texts.isEmpty() || !texts.stream().allMatch(JsonNode::isTextual)) {
            throw unsupported("input must be a text or a list of texts for " + provider);
        }
        return texts;
    }

    /**
     * Refuses a query for several answers.
     *
     * @param provider as the refusal names it
     */
    static void onlyOneChoice(Parameters asked, String provider) {
        if (asked.choices() > 1) {
            throw unsupported("n must be 1: " + provider + " gives one answer to a call");
        }
    }

    /**
     * Refuses what a wire of plain texts has no place for: tools, and a form of the answer.
     *
     * @param provider as the refusal names it
     */
    static void onlyPlain(ChatQuery chat, String provider) {
        if (!chat.tools().isEmpty()) {
            throw unsupported(provider + " knows no tools");
        }
        if (chat.format().kind() != ResponseFormat.Kind.TEXT) {
            throw unsupported("response_format must be text: " + provider + " cannot be told the form of an answer");
        }
    }

    /**
     * What one says to a model that knows texts alone.
     *
     * @param provider as the refusal names it
     */
    static String plain(Turn turn, String provider) {
        if (turn.role() == Turn.Role.TOOL || !turn.toolCalls().isEmpty()) {
            throw unsupported("messages with calls of tools cannot be said to " + provider);
        }
        if (!turn.parts().stream().allMatch(Part.Text.class::isInstance)) {
            throw unsupported("messages may hold text only for " + provider);
        }
        return turn.text();
    }

    /** What a query asks for and its provider cannot be told: 422. */
    static Failure unsupported(String what) {
        return Failure.of(Failure.Kind.UNPROCESSABLE, what);
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
