package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.provider.chat.ChatQuery;
import io.mlflowgateway.server.provider.chat.Parameters;
import io.mlflowgateway.server.provider.chat.ResponseFormat;
import io.mlflowgateway.server.provider.chat.Tool;
import io.mlflowgateway.server.provider.chat.ToolChoice;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;

/** Writes a Messages request. */
final class AnthropicRequest {
    /** From this version of the API on, sampling parameters are refused on every model. */
    private static final String WITHOUT_SAMPLING = "2026-10-21";

    static final int LEAST_BUDGET = 1_024;

    /** Tokens to think, for models that want a number; the API takes no fewer than 1,024. */
    static final Map<String, Integer> BUDGETS =
            Map.of("minimal", 1_024, "low", 1_024, "medium", 4_096, "high", 16_384, "xhigh", 32_768, "max", 32_768);

    private final ChatQuery query;
    private final Parameters asked;
    private final String model;
    private final boolean takesSampling;

    AnthropicRequest(ChatQuery query, String model, String version) {
        this.query = query;
        this.asked = query.parameters();
        this.model = model;
        this.takesSampling = takesSampling(model, version);
    }

    /** Whether temperature and its like may be sent. */
    static boolean takesSampling(String model, String version) {
        return version.compareTo(WITHOUT_SAMPLING) < 0 && AnthropicModels.takesSampling(model);
    }

    ObjectNode body(boolean streams) {
        Prompts.onlyOneChoice(asked, "anthropic");
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("model", model);
        int maxTokens = asked.maxTokens().orElse(AnthropicModels.defaultMaxTokens(model));
        body.put("max_tokens", maxTokens);
        if (!query.systemText().isEmpty()) {
            body.put("system", query.systemText());
        }
        body.set("messages", AnthropicTurns.write(query.conversation()));
        if (!asked.stops().isEmpty()) {
            asked.stops().forEach(body.putArray("stop_sequences")::add);
        }
        sampling(body);
        tools(body);
        format(body);
        reasoning(body, maxTokens);
        asked.text("user").ifPresent(user -> body.putObject("metadata").put("user_id", user));
        if (streams) {
            body.put("stream", true);
        }
        asked.addUnknown(body);
        if (!takesSampling || body.at("/thinking/type").asText("").equals("enabled")) {
            body.remove("top_k");
        }
        return body;
    }

    private void sampling(ObjectNode body) {
        if (!takesSampling) {
            return;
        }
        Optional<BigDecimal> temperature = asked.temperature(BigDecimal.ONE);
        temperature.ifPresent(value -> body.put("temperature", value));
        if (temperature.isEmpty() || AnthropicModels.takesTemperatureBesideTopP(model)) {
            asked.number("top_p").ifPresent(value -> body.put("top_p", value));
        }
    }

    private void tools(ObjectNode body) {
        ToolChoice choice = query.toolChoice();
        if (query.tools().isEmpty()) {
            return;
        }
        ArrayNode tools = body.putArray("tools");
        for (Tool tool : query.tools()) {
            ObjectNode json = tools.addObject().put("name", tool.name());
            if (!tool.description().isEmpty()) {
                json.put("description", tool.description());
            }
            json.set("input_schema", schemaOfObject(tool.parameters()));
            if (tool.strict()) {
                json.put("strict", true);
            }
        }
        String type = switch (choice.mode()) {
            case UNSET -> choice.parallel() ? "" : "auto";
            case AUTO -> "auto";
            case NONE -> "none";
            case REQUIRED -> "any";
            case NAMED -> "tool";
        };
        if (!type.isEmpty()) {
            toolChoice(body.putObject("tool_choice").put("type", type), choice);
        }
    }

    private static void toolChoice(ObjectNode json, ToolChoice choice) {
        if (choice.mode() == ToolChoice.Mode.NAMED) {
            json.put("name", choice.name());
        }
        if (!choice.parallel() && choice.mode() != ToolChoice.Mode.NONE) {
            json.put("disable_parallel_tool_use", true);
        }
    }

    /** The API insists on a type. */
    private static JsonNode schemaOfObject(ObjectNode schema) {
        return schema.has("type") ? schema : schema.deepCopy().put("type", "object");
    }

    private void format(ObjectNode body) {
        ResponseFormat format = query.format();
        if (format.kind() == ResponseFormat.Kind.JSON_OBJECT) {
            throw Prompts.unsupported("response_format json_object is not offered by anthropic; give a json_schema");
        }
        if (format.kind() == ResponseFormat.Kind.JSON_SCHEMA) {
            ObjectNode json = outputConfig(body).putObject("format").put("type", "json_schema");
            json.set("schema", format.schema());
        }
    }

    private void reasoning(ObjectNode body, int maxTokens) {
        String effort = asked.text("reasoning_effort").orElse("");
        if (effort.isEmpty() || asked.has("thinking")) {
            return;
        }
        if (effort.equals("none")) {
            body.putObject("thinking").put("type", "disabled");
        } else if (AnthropicModels.thinksAdaptively(model)) {
            body.putObject("thinking").put("type", "adaptive");
            outputConfig(body).put("effort", effort.equals("minimal") ? "low" : effort);
        } else {
            int budget = Optional.ofNullable(BUDGETS.get(effort))
                    .orElseThrow(() ->
                            Prompts.unsupported("reasoning_effort must be one of none, minimal, low, medium, high"));
            // What is thought counts, and the limit must be above it.
            boolean isLimited = asked.maxTokens().isPresent();
            if (isLimited && maxTokens <= LEAST_BUDGET) {
                throw Prompts.unsupported(
                        "max_tokens must be above " + LEAST_BUDGET + " for a model of anthropic that thinks");
            }
            ObjectNode thinking = body.putObject("thinking").put("type", "enabled");
            thinking.put("budget_tokens", isLimited ? Math.min(budget, maxTokens - 1) : budget);
            body.put("max_tokens", isLimited ? maxTokens : maxTokens + budget);
            // Beside thinking the API takes no temperature but 1.
            body.remove("temperature");
            body.remove("top_p");
        }
    }

    private static ObjectNode outputConfig(ObjectNode body) {
        return body.withObject("/output_config");
    }
}
