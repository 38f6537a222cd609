package io.mlflowgateway.server.provider.chat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a chat call asks.
 *
 * @param turns at least one
 * @param tools in the caller's order
 */
public record ChatQuery(
        List<Turn> turns, List<Tool> tools, ToolChoice toolChoice, ResponseFormat format, Parameters parameters) {
    public ChatQuery {
        turns = List.copyOf(turns);
        tools = List.copyOf(tools);
    }

    /** What the system says, one text after another by blank line; empty where it says nothing. */
    public String systemText() {
        return String.join(
                "\n\n",
                turns.stream()
                        .filter(turn -> turn.role() == Turn.Role.SYSTEM)
                        .map(Turn::text)
                        .filter(text -> !text.isBlank())
                        .toList());
    }

    /** All but the system's, in their order. */
    public List<Turn> conversation() {
        return turns.stream().filter(turn -> turn.role() != Turn.Role.SYSTEM).toList();
    }

    /** The names of the tools that the turns ask for, by the ids of the calls. */
    public Map<String, String> toolNames() {
        Map<String, String> names = new HashMap<>();
        for (Turn turn : turns) {
            turn.toolCalls().forEach(call -> names.putIfAbsent(call.id(), call.name()));
        }
        return names;
    }
}
