package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.json.Json;

/** Brings one message of an answer, or the delta of one, into OpenAI's form. */
final class MessageMending {
    private static final String REASONING_CONTENT = "reasoning_content";

    private MessageMending() {}

    static void mend(ObjectNode message) {
        if (message.path("content").isArray()) {
            splitContent(message);
        }
        if (message.path("reasoning").isTextual()) {
            JsonNode reasoning = message.remove("reasoning");
            if (!message.path(REASONING_CONTENT).isTextual()) {
                message.set(REASONING_CONTENT, reasoning);
            }
        }
        for (JsonNode call : message.path("tool_calls")) {
            JsonNode arguments = call.path("function").path("arguments");
            if (arguments.isObject()) {
                ((ObjectNode) call.path("function")).put("arguments", Json.text(arguments));
            }
        }
    }

    /** Text stays the content; what the model thought stands beside it. */
    private static void splitContent(ObjectNode message) {
        StringBuilder text = new StringBuilder();
        StringBuilder thought = new StringBuilder();
        boolean hasText = false;
        for (JsonNode part : message.path("content")) {
            switch (part.path("type").asText("text")) {
                case "thinking" -> thought.append(words(part.path("thinking")));
                case "reasoning" -> thought.append(words(part.path(part.has("summary") ? "summary" : "reasoning")));
                default -> {
                    hasText |= part.isTextual() || part.path("text").isTextual();
                    text.append(words(part));
                }
            }
        }
        if (hasText) {
            message.put("content", text.toString());
        } else {
            message.putNull("content");
        }
        if (!thought.isEmpty() && !message.path(REASONING_CONTENT).isTextual()) {
            message.put(REASONING_CONTENT, thought.toString());
        }
    }

    /** A string, an object's {@code text}, or those of a list one after another. */
    private static String words(JsonNode node) {
        if (!node.isArray()) {
            return node.isTextual() ? node.asText() : node.path("text").asText("");
        }
        StringBuilder words = new StringBuilder();
        node.forEach(part -> words.append(words(part)));
        return words.toString();
    }
}
