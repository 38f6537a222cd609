package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.provider.chat.ToolCall;
import io.mlflowgateway.server.provider.chat.Turn;
import io.mlflowgateway.server.query.Failure;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Writes turns as Converse's messages, whose roles alternate: neighbours of one role are one message, and the results of a
 * turn's tools stand in one. Ids of calls that Converse would refuse get others, the same in a call and in its result.
 */
final class ConverseTurns {
    private static final Pattern ID = Pattern.compile("[a-zA-Z0-9_.:-]{1,64}");

    private final ArrayNode messages = JsonNodeFactory.instance.arrayNode();
    private final Map<String, String> ids = new HashMap<>();

    private ConverseTurns() {}

    /** @param conversation without the system's turns */
    static ArrayNode write(List<Turn> conversation) {
        ConverseTurns turns = new ConverseTurns();
        conversation.forEach(turns::add);
        if (turns.messages.isEmpty()) {
            throw Failure.of(Failure.Kind.UNPROCESSABLE, "messages must hold one that is not the system's");
        }
        return turns.messages;
    }

    private void add(Turn turn) {
        switch (turn.role()) {
            case USER -> turn.parts().forEach(part -> ConverseParts.write(content("user"), part));
            case ASSISTANT -> addAssistant(turn);
            case TOOL -> addResult(turn);
            default -> throw new IllegalArgumentException("a system turn stands elsewhere");
        }
    }

    private void addAssistant(Turn turn) {
        for (JsonNode thought : turn.message().path(AnthropicTurns.THINKING_BLOCKS)) {
            thought(content("assistant").addObject().putObject("reasoningContent"), thought);
        }
        turn.parts().forEach(part -> ConverseParts.write(content("assistant"), part));
        for (ToolCall call : turn.toolCalls()) {
            ObjectNode use = content("assistant").addObject().putObject("toolUse");
            use.put("toolUseId", id(call.id())).put("name", call.name()).set("input", call.argumentsObject());
        }
    }

    /** Callers give thoughts back in Anthropic's form, whichever way they came. */
    private static void thought(ObjectNode json, JsonNode block) {
        if (block.path("type").asText("").equals("redacted_thinking")) {
            json.put("redactedContent", block.path("data").asText(""));
            return;
        }
        ObjectNode text = json.putObject("reasoningText")
                .put("text", block.path("thinking").asText(""));
        if (block.hasNonNull("signature")) {
            text.set("signature", block.path("signature"));
        }
    }

    private void addResult(Turn turn) {
        ObjectNode result = content("user").addObject().putObject("toolResult");
        result.put("toolUseId", id(turn.toolCallId()));
        ArrayNode content = result.putArray("content");
        turn.parts().forEach(part -> ConverseParts.write(content, part));
    }

    private String id(String callers) {
        if (ID.matcher(callers).matches()) {
            return callers;
        }
        String known = ids.getOrDefault(callers, "call." + ids.size());
        ids.putIfAbsent(callers, known);
        return known;
    }

    /** The content of the last message when this role says it; otherwise of a new one. */
    private ArrayNode content(String role) {
        JsonNode last = messages.path(messages.size() - 1);
        ObjectNode message = last.path("role").asText("").equals(role)
                ? (ObjectNode) last
                : messages.addObject().put("role", role);
        return message.withArray("content");
    }
}
