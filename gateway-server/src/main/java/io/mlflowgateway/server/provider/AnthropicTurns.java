package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.provider.chat.Part;
import io.mlflowgateway.server.provider.chat.ToolCall;
import io.mlflowgateway.server.provider.chat.Turn;
import io.mlflowgateway.server.query.Failure;
import java.util.List;

/**
 * Writes turns as content blocks. The results of tools and what the user says after them make one user turn, results
 * first: each call must be answered in the turn right behind it.
 */
final class AnthropicTurns {
    /** How callers give back what the model thought, signatures included: a list of Anthropic's own blocks. */
    static final String THINKING_BLOCKS = "thinking_blocks";

    private final ArrayNode messages = JsonNodeFactory.instance.arrayNode();

    private AnthropicTurns() {}

    /** @param conversation without the system's turns */
    static ArrayNode write(List<Turn> conversation) {
        AnthropicTurns turns = new AnthropicTurns();
        conversation.forEach(turns::add);
        if (turns.messages.isEmpty()) {
            throw Failure.of(Failure.Kind.UNPROCESSABLE, "messages must hold one that is not the system's");
        }
        return turns.messages;
    }

    private void add(Turn turn) {
        switch (turn.role()) {
            case USER -> turn.parts().forEach(part -> block(content("user").addObject(), part));
            case ASSISTANT -> addAssistant(turn);
            case TOOL -> addResult(turn);
            default -> throw new IllegalArgumentException("a system turn stands elsewhere");
        }
    }

    private void addAssistant(Turn turn) {
        for (JsonNode thought : turn.message().path(THINKING_BLOCKS)) {
            content("assistant").add(thought);
        }
        turn.parts().forEach(part -> block(content("assistant").addObject(), part));
        for (ToolCall call : turn.toolCalls()) {
            ObjectNode use = content("assistant").addObject().put("type", "tool_use");
            use.put("id", call.id()).put("name", call.name()).set("input", call.argumentsObject());
        }
    }

    private void addResult(Turn turn) {
        ObjectNode result = content("user").addObject().put("type", "tool_result");
        result.put("tool_use_id", turn.toolCallId());
        if (turn.parts().stream().allMatch(Part.Text.class::isInstance)) {
            result.put("content", turn.text());
        } else {
            ArrayNode blocks = result.putArray("content");
            turn.parts().forEach(part -> block(blocks.addObject(), part));
        }
    }

    /** The content of the last message when this role says it; otherwise of a new one. */
    private ArrayNode content(String role) {
        JsonNode last = messages.path(messages.size() - 1);
        ObjectNode message = last.path("role").asText("").equals(role)
                ? (ObjectNode) last
                : messages.addObject().put("role", role);
        return message.withArray("content");
    }

    private static void block(ObjectNode block, Part part) {
        if (part instanceof Part.Text text) {
            block.put("type", "text").put("text", text.text());
        } else if (part instanceof Part.InlineImage image) {
            base64(block.put("type", "image").putObject("source"), image.mediaType(), image.base64());
        } else if (part instanceof Part.LinkedImage image) {
            block.put("type", "image").putObject("source").put("type", "url").put("url", image.url());
        } else if (part instanceof Part.InlineFile file) {
            base64(block.put("type", "document").putObject("source"), file.mediaType(), file.base64());
            if (!file.name().isEmpty()) {
                block.put("title", file.name());
            }
        } else if (part instanceof Part.Other other) {
            throw Failure.of(
                    Failure.Kind.UNPROCESSABLE,
                    other.at() + " is of type '" + other.type() + "', which anthropic does not take");
        }
    }

    private static void base64(ObjectNode source, String mediaType, String data) {
        source.put("type", "base64").put("media_type", mediaType).put("data", data);
    }
}
