package io.mlflowgateway.samples.localmodel;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Reads members of a request, each with its type and bounds checked. */
final class Fields {
    private Fields() {}

    static void requireModel(JsonNode body, String served) {
        String asked = body.path("model").asText("");
        if (!asked.equals(served)) {
            throw new Refusal(
                    404, "model_not_found", "the model '" + asked + "' is not served here, '" + served + "' is");
        }
    }

    static double number(JsonNode body, String name, double otherwise, double least, double most) {
        JsonNode value = body.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        if (!value.isNumber() || value.doubleValue() < least || value.doubleValue() > most) {
            throw Refusal.invalid("'" + name + "' is a number from " + least + " to " + most);
        }
        return value.doubleValue();
    }

    /** A text or a list of texts; none when the member is missing. */
    static List<String> texts(JsonNode body, String name) {
        JsonNode value = body.path(name);
        List<String> texts = new ArrayList<>();
        Iterable<JsonNode> entries = value.isArray() ? value : value.isTextual() ? List.of(value) : List.of();
        for (JsonNode entry : entries) {
            if (!entry.isTextual()) {
                throw Refusal.invalid("'" + name + "' holds texts only");
            }
            texts.add(entry.textValue());
        }
        return texts;
    }

    /** The messages of a chat, the text parts of each joined. */
    static List<QaPrompt.Message> messages(JsonNode body) {
        List<QaPrompt.Message> messages = new ArrayList<>();
        for (JsonNode message : body.path("messages")) {
            messages.add(new QaPrompt.Message(message.path("role").asText(""), content(message.path("content"))));
        }
        if (messages.isEmpty()) {
            throw Refusal.invalid("'messages' is a list of at least one message");
        }
        return messages;
    }

    private static String content(JsonNode content) {
        if (!content.isArray()) {
            return content.asText("");
        }
        StringBuilder joined = new StringBuilder();
        for (JsonNode part : content) {
            if (!part.path("type").asText("").equals("text")) {
                throw Refusal.invalid("this model reads text parts only");
            }
            joined.append(part.path("text").asText("")).append('\n');
        }
        return joined.toString();
    }
}
