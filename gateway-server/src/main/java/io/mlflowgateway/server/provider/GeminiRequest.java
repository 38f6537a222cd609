package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.provider.chat.ChatQuery;
import io.mlflowgateway.server.provider.chat.Parameters;
import io.mlflowgateway.server.provider.chat.ResponseFormat;
import io.mlflowgateway.server.provider.chat.Tool;
import io.mlflowgateway.server.provider.chat.ToolChoice;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Writes a {@code generateContent} request. */
final class GeminiRequest {
    private static final BigDecimal HOTTEST = BigDecimal.valueOf(2);
    private static final int MOST_STOPS = 5;

    /** Tokens to think, for models that want a number. */
    private static final Map<String, Integer> BUDGETS =
            Map.of("none", 0, "minimal", 1_024, "low", 1_024, "medium", 8_192, "high", 24_576);

    private final ChatQuery query;
    private final Parameters asked;
    private final String model;

    GeminiRequest(ChatQuery query, String model) {
        this.query = query;
        this.asked = query.parameters();
        this.model = model;
    }

    ObjectNode body() {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        if (!query.systemText().isEmpty()) {
            body.putObject("systemInstruction").putArray("parts").addObject().put("text", query.systemText());
        }
        body.set("contents", GeminiTurns.write(query));
        tools(body);
        ObjectNode config = config();
        if (!config.isEmpty()) {
            body.set("generationConfig", config);
        }
        asked.addUnknown(body);
        body.remove("top_k");
        return body;
    }

    private ObjectNode config() {
        ObjectNode config = JsonNodeFactory.instance.objectNode();
        asked.temperature(HOTTEST).ifPresent(value -> config.put("temperature", value));
        asked.number("top_p").ifPresent(value -> config.put("topP", value));
        asked.integer("top_k").ifPresent(value -> config.put("topK", value));
        asked.integer("n").ifPresent(value -> config.put("candidateCount", value));
        asked.maxTokens().ifPresent(value -> config.put("maxOutputTokens", value));
        asked.integer("seed").ifPresent(value -> config.put("seed", value));
        asked.number("presence_penalty").ifPresent(value -> config.put("presencePenalty", value));
        asked.number("frequency_penalty").ifPresent(value -> config.put("frequencyPenalty", value));
        if (asked.stops().size() > MOST_STOPS) {
            throw Prompts.unsupported("stop may hold " + MOST_STOPS + " texts at most for gemini");
        }
        if (!asked.stops().isEmpty()) {
            asked.stops().forEach(config.putArray("stopSequences")::add);
        }
        format(config);
        reasoning(config);
        return config;
    }

    private void format(ObjectNode config) {
        ResponseFormat format = query.format();
        if (format.kind() != ResponseFormat.Kind.TEXT) {
            config.put("responseMimeType", "application/json");
        }
        if (format.kind() == ResponseFormat.Kind.JSON_SCHEMA) {
            config.set("responseJsonSchema", format.schema());
        }
    }

    private void reasoning(ObjectNode config) {
        String effort = asked.text("reasoning_effort").orElse("");
        if (effort.isEmpty()) {
            return;
        }
        ObjectNode thinking = config.putObject("thinkingConfig");
        if (model.startsWith("gemini-2")) {
            int budget = Optional.ofNullable(BUDGETS.get(effort))
                    .orElseThrow(() ->
                            Prompts.unsupported("reasoning_effort must be one of none, minimal, low, medium, high"));
            thinking.put("thinkingBudget", budget);
        } else {
            thinking.put("thinkingLevel", effort.equals("none") ? "MINIMAL" : effort.toUpperCase(Locale.ROOT));
        }
        thinking.put("includeThoughts", !effort.equals("none"));
    }

    private void tools(ObjectNode body) {
        if (query.tools().isEmpty()) {
            return;
        }
        ArrayNode functions = body.putArray("tools").addObject().putArray("functionDeclarations");
        for (Tool tool : query.tools()) {
            ObjectNode function = functions.addObject().put("name", tool.name());
            if (!tool.description().isEmpty()) {
                function.put("description", tool.description());
            }
            function.set("parametersJsonSchema", tool.parameters());
        }
        ToolChoice choice = query.toolChoice();
        if (choice.mode() == ToolChoice.Mode.UNSET) {
            return;
        }
        ObjectNode config = body.putObject("toolConfig").putObject("functionCallingConfig");
        switch (choice.mode()) {
            case NONE -> config.put("mode", "NONE");
            case REQUIRED -> config.put("mode", "ANY");
            case NAMED ->
                config.put("mode", "ANY").putArray("allowedFunctionNames").add(choice.name());
            default -> config.put("mode", "AUTO");
        }
    }
}
