package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.json.Json;

/**
 * Completions from a server that answers them as chat: {@code message.content} (or a chunk's {@code delta.content})
 * becomes {@code text}, so that callers of a completions route always find it there. Text that is there stays.
 */
final class CompletionText {
    private CompletionText() {}

    /**
     * @param json an object with a {@code choices} array of objects
     * @throws JsonProcessingException where it is not JSON
     * @throws IllegalArgumentException where a choice has neither form
     */
    static byte[] translate(byte[] json) throws JsonProcessingException {
        ObjectNode document = (ObjectNode) Json.tree(json);
        for (JsonNode choice : document.path("choices")) {
            translateChoice((ObjectNode) choice);
        }
        if (document.path("object").asText().startsWith("chat.completion")) {
            document.put("object", "text_completion");
        }
        return Json.bytes(document);
    }

    private static void translateChoice(ObjectNode choice) {
        if (choice.path("text").isTextual()) {
            return;
        }
        JsonNode message = choice.path(choice.has("message") ? "message" : "delta");
        // MLflow ends a completions stream with "text": null.
        boolean isLast = choice.hasNonNull("finish_reason");
        if (!message.isObject() && !choice.has("text") && !isLast) {
            throw new IllegalArgumentException("a choice has neither text nor a message");
        }
        choice.put("text", message.path("content").asText(""));
        choice.remove("message");
        choice.remove("delta");
    }
}
