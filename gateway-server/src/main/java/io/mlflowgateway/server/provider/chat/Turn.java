package io.mlflowgateway.server.provider.chat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One message.
 *
 * @param parts its content, blank text left out
 * @param toolCalls of an assistant
 * @param toolCallId of a tool's result; empty otherwise
 * @param message as the caller sent it, for members that one provider knows; not to be changed
 */
public record Turn(Role role, List<Part> parts, List<ToolCall> toolCalls, String toolCallId, JsonNode message) {
    public Turn {
        parts = List.copyOf(parts);
        toolCalls = List.copyOf(toolCalls);
    }

    /** Who says it. {@code developer} is {@code system} by a newer name; {@code function} is {@code tool} by an older. */
    public enum Role {
        SYSTEM,
        USER,
        ASSISTANT,
        TOOL
    }

    /** Its text parts, one after another by line. */
    public String text() {
        return parts.stream()
                .filter(Part.Text.class::isInstance)
                .map(part -> ((Part.Text) part).text())
                .collect(Collectors.joining("\n"));
    }
}
