package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.provider.chat.ChatQuery;
import io.mlflowgateway.server.provider.chat.Tool;
import io.mlflowgateway.server.provider.chat.ToolChoice;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Writes {@code toolConfig}. Converse cannot say that no tool may be called: then tools are left out, unless messages speak
 * of some; without any it refuses such messages.
 */
final class ConverseTools {
    private ConverseTools() {}

    static void write(ChatQuery query, ObjectNode body) {
        Set<String> spokenOf = new LinkedHashSet<>();
        query.turns().forEach(turn -> turn.toolCalls().forEach(call -> spokenOf.add(call.name())));
        boolean none = query.toolChoice().mode() == ToolChoice.Mode.NONE;
        if (spokenOf.isEmpty() && (none || query.tools().isEmpty())) {
            return;
        }
        ObjectNode config = body.putObject("toolConfig");
        ArrayNode tools = config.putArray("tools");
        query.tools().forEach(tool -> tool(tools, tool));
        if (tools.isEmpty()) {
            spokenOf.forEach(name -> tool(tools, new Tool(name, "", anyObject(), false)));
        } else if (!none) {
            choice(config, query.toolChoice());
        }
    }

    private static ObjectNode anyObject() {
        return JsonNodeFactory.instance.objectNode().put("type", "object");
    }

    private static void tool(ArrayNode tools, Tool tool) {
        ObjectNode json = tools.addObject().putObject("toolSpec").put("name", tool.name());
        if (!tool.description().isBlank()) {
            json.put("description", tool.description());
        }
        ObjectNode schema = tool.parameters();
        json.putObject("inputSchema")
                .set("json", schema.has("type") ? schema : schema.deepCopy().put("type", "object"));
        if (tool.strict()) {
            json.put("strict", true);
        }
    }

    private static void choice(ObjectNode config, ToolChoice choice) {
        switch (choice.mode()) {
            case AUTO -> config.putObject("toolChoice").putObject("auto");
            case REQUIRED -> config.putObject("toolChoice").putObject("any");
            case NAMED -> config.putObject("toolChoice").putObject("tool").put("name", choice.name());
            default -> {
                // Left out, the model decides.
            }
        }
    }
}
