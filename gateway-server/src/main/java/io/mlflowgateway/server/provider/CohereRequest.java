package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.provider.chat.ChatQuery;
import io.mlflowgateway.server.provider.chat.Parameters;
import io.mlflowgateway.server.provider.chat.Part;
import io.mlflowgateway.server.provider.chat.ResponseFormat;
import io.mlflowgateway.server.provider.chat.Tool;
import io.mlflowgateway.server.provider.chat.ToolCall;
import io.mlflowgateway.server.provider.chat.Turn;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;

/** Writes a v2 chat request. */
final class CohereRequest {
    /** OpenAI's ends at 2; Cohere's has no end that is documented, and is best below 1. */
    private static final BigDecimal HOTTEST = BigDecimal.ONE;

    /** OpenAI's default is 1, which Cohere refuses. */
    private static final BigDecimal LEAST_P = new BigDecimal("0.01");

    private static final BigDecimal MOST_P = new BigDecimal("0.99");
    private static final int MOST_STOPS = 5;

    private final ChatQuery query;
    private final Parameters asked;
    private final String model;

    CohereRequest(ChatQuery query, String model) {
        this.query = query;
        this.asked = query.parameters();
        this.model = model;
    }

    ObjectNode body(boolean streams) {
        Prompts.onlyOneChoice(asked, "cohere");
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("model", model);
        body.put("stream", streams);
        ArrayNode messages = body.putArray("messages");
        query.turns().forEach(turn -> message(messages.addObject(), turn));
        tools(body);
        format(body);
        sampling(asked, HOTTEST, body);
        asked.text("reasoning_effort")
                .ifPresent(effort ->
                        body.putObject("thinking").put("type", effort.equals("none") ? "disabled" : "enabled"));
        return body;
    }

    /**
     * What v1 and v2 have by the same names, and whatever OpenAI does not know.
     *
     * @param hottest what the caller's highest temperature becomes
     */
    static void sampling(Parameters asked, BigDecimal hottest, ObjectNode body) {
        asked.temperature(hottest).ifPresent(value -> body.put("temperature", value));
        asked.number("top_p")
                .ifPresent(value -> body.put("p", value.max(LEAST_P).min(MOST_P)));
        asked.integer("top_k").ifPresent(value -> body.put("k", value));
        asked.maxTokens().ifPresent(value -> body.put("max_tokens", value));
        asked.integer("seed").ifPresent(value -> body.put("seed", value));
        for (String penalty : List.of("presence_penalty", "frequency_penalty")) {
            asked.number(penalty).ifPresent(value -> body.put(penalty, value));
        }
        if (asked.stops().size() > MOST_STOPS) {
            throw Prompts.unsupported("stop may hold " + MOST_STOPS + " texts at most for cohere");
        }
        if (!asked.stops().isEmpty()) {
            asked.stops().forEach(body.putArray("stop_sequences")::add);
        }
        asked.addUnknown(body);
        body.remove("top_k");
    }

    private static void message(ObjectNode json, Turn turn) {
        json.put("role", turn.role().name().toLowerCase(Locale.ROOT));
        if (turn.role() == Turn.Role.TOOL) {
            json.put("tool_call_id", turn.toolCallId());
        }
        boolean isText = turn.parts().stream().allMatch(Part.Text.class::isInstance);
        if (!isText) {
            ArrayNode content = json.putArray("content");
            turn.parts().forEach(part -> part(content.addObject(), part));
        } else if (!turn.parts().isEmpty() || turn.toolCalls().isEmpty()) {
            json.put("content", turn.text());
        }
        if (!turn.toolCalls().isEmpty()) {
            ArrayNode calls = json.putArray("tool_calls");
            turn.toolCalls().forEach(call -> call(calls.addObject(), call));
            String plan = turn.message().path("tool_plan").asText("");
            if (!plan.isEmpty()) {
                json.put("tool_plan", plan);
            }
        }
    }

    private static void call(ObjectNode json, ToolCall call) {
        json.put("id", call.id()).put("type", "function");
        json.putObject("function")
                .put("name", call.name())
                .put("arguments", call.arguments().isBlank() ? "{}" : call.arguments());
    }

    private static void part(ObjectNode json, Part part) {
        if (part instanceof Part.Text text) {
            json.put("type", "text").put("text", text.text());
        } else if (part instanceof Part.InlineImage image) {
            String url = "data:" + image.mediaType() + ";base64," + image.base64();
            json.put("type", "image_url").putObject("image_url").put("url", url);
        } else if (part instanceof Part.LinkedImage image) {
            json.put("type", "image_url").putObject("image_url").put("url", image.url());
        } else if (part instanceof Part.InlineFile) {
            throw Prompts.unsupported("messages hold a file, which cohere does not take");
        } else if (part instanceof Part.Other other) {
            throw Prompts.unsupported(other.at() + " is of type '" + other.type() + "', which cohere does not take");
        }
    }

    private void tools(ObjectNode body) {
        if (query.tools().isEmpty()) {
            return;
        }
        ArrayNode tools = body.putArray("tools");
        switch (query.toolChoice().mode()) {
            case NONE -> body.put("tool_choice", "NONE");
            case REQUIRED, NAMED -> body.put("tool_choice", "REQUIRED");
            default -> {
                // Left out, the model decides.
            }
        }
        String only = query.toolChoice().name();
        for (Tool tool : query.tools()) {
            if (only.isEmpty() || tool.name().equals(only)) {
                // A tool cannot be asked for by name: so it is the only one.
                tool(tools.addObject(), tool);
            }
        }
        if (tools.isEmpty()) {
            throw Prompts.unsupported("tool_choice names '" + only + "', which is none of the tools");
        }
        if (query.tools().stream().anyMatch(Tool::strict)) {
            body.put("strict_tools", true);
        }
    }

    private static void tool(ObjectNode json, Tool tool) {
        ObjectNode function = json.put("type", "function").putObject("function").put("name", tool.name());
        if (!tool.description().isEmpty()) {
            function.put("description", tool.description());
        }
        function.set("parameters", tool.parameters());
    }

    private void format(ObjectNode body) {
        ResponseFormat format = query.format();
        if (format.kind() != ResponseFormat.Kind.TEXT) {
            ObjectNode json = body.putObject("response_format").put("type", "json_object");
            if (format.kind() == ResponseFormat.Kind.JSON_SCHEMA) {
                json.set("json_schema", format.schema());
            }
        }
    }
}
