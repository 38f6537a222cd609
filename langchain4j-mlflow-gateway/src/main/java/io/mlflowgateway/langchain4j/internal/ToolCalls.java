package io.mlflowgateway.langchain4j.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.model.chat.response.PartialToolCall;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts tool calls together from their parts. Calls come one after the other; a part belongs to a new call when its index
 * is new, or when it brings a new id and a name, as servers that number badly do. Servers that repeat id and name in each
 * part are understood, too.
 */
final class ToolCalls {

    private final List<ToolExecutionRequest> complete = new ArrayList<>();
    private boolean open;
    private int wireIndex;
    private String id = "";
    private String name = "";
    private final StringBuilder arguments = new StringBuilder();

    List<ChatEvent> take(JsonNode delta) {
        List<ChatEvent> events = new ArrayList<>();
        JsonNode function = delta.path("function");
        String newId = Json.text(delta, "id").orElse("");
        String newName = Json.text(function, "name").orElse("");
        int index = delta.path("index").asInt(open ? wireIndex : complete.size());
        if (open && (index != wireIndex || anotherCall(newId, newName))) {
            events.addAll(finish());
        }
        if (!open) {
            begin(index);
        }
        id = id.isEmpty() ? newId : id;
        name = name.isEmpty() ? newName : name;
        append(function.path("arguments"), events);
        return events;
    }

    /** Ends the call that is open, if one is. */
    List<ChatEvent> finish() {
        if (!open) {
            return List.of();
        }
        open = false;
        if (name.isBlank()) {
            throw new UnreadableAnswer("the answer calls a tool without a name");
        }
        ToolExecutionRequest.Builder call = ToolExecutionRequest.builder()
                .name(name)
                .arguments(arguments.toString().isBlank() ? "{}" : arguments.toString());
        if (!id.isEmpty()) {
            call.id(id);
        }
        complete.add(call.build());
        return List.of(new ChatEvent.ToolCall(complete.size() - 1, complete.get(complete.size() - 1)));
    }

    List<ToolExecutionRequest> all() {
        return complete;
    }

    private boolean anotherCall(String newId, String newName) {
        return !newId.isEmpty() && !id.isEmpty() && !newId.equals(id) && !newName.isEmpty();
    }

    private void begin(int index) {
        if (index < wireIndex) {
            // What was handed out as complete cannot be taken back.
            throw new UnreadableAnswer("the answer goes back to a tool call that was complete");
        }
        open = true;
        wireIndex = index;
        id = "";
        name = "";
        arguments.setLength(0);
    }

    private void append(JsonNode more, List<ChatEvent> events) {
        String part = more.isTextual() ? more.textValue() : more.isObject() ? more.toString() : "";
        if (part.isEmpty()) {
            return;
        }
        if (name.isBlank()) {
            throw new UnreadableAnswer("the answer calls a tool without a name");
        }
        arguments.append(part);
        PartialToolCall.Builder partial =
                PartialToolCall.builder().index(complete.size()).name(name).partialArguments(part);
        if (!id.isEmpty()) {
            partial.id(id);
        }
        events.add(new ChatEvent.ToolCallPart(partial.build()));
    }
}
