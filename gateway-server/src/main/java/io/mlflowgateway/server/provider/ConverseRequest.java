package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.provider.chat.ChatQuery;
import io.mlflowgateway.server.provider.chat.Parameters;
import io.mlflowgateway.server.provider.chat.ResponseFormat;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/** Writes a request of Converse, and of ConverseStream, which has the same form. */
final class ConverseRequest {
    /** Members of Converse that OpenAI does not have: they go as they are. All others that are unknown are the model's. */
    private static final List<String> OWN_MEMBERS = List.of(
            "additionalModelRequestFields",
            "additionalModelResponseFieldPaths",
            "guardrailConfig",
            "performanceConfig",
            "promptVariables",
            "requestMetadata");

    private final ChatQuery query;
    private final Parameters asked;
    private final String model;
    private final ObjectNode body = JsonNodeFactory.instance.objectNode();
    private final ObjectNode sampling = JsonNodeFactory.instance.objectNode();
    private final ObjectNode ofModel = JsonNodeFactory.instance.objectNode();

    ConverseRequest(ChatQuery query, String model) {
        this.query = query;
        this.asked = query.parameters();
        this.model = model;
    }

    /** The request; made once. */
    ObjectNode body() {
        Prompts.onlyOneChoice(asked, "bedrock");
        body.set("messages", ConverseTurns.write(query.conversation()));
        if (!query.systemText().isEmpty()) {
            body.putArray("system").addObject().put("text", query.systemText());
        }
        sampling();
        ConverseTools.write(query, body);
        format();
        asked.text("service_tier")
                .filter(tier -> !tier.equals("auto"))
                .ifPresent(tier -> body.putObject("serviceTier").put("type", tier));
        asked.addUnknown(ofModel);
        OWN_MEMBERS.forEach(this::ownMember);
        reasoning();
        if (BedrockModels.isAnthropic(model) && !AnthropicModels.takesSampling(model)) {
            ofModel.remove("top_k");
        }
        if (!sampling.isEmpty()) {
            body.set("inferenceConfig", sampling);
        }
        if (!ofModel.isEmpty()) {
            body.set("additionalModelRequestFields", ofModel);
        }
        return body;
    }

    private void ownMember(String name) {
        JsonNode value = ofModel.remove(name);
        if (name.equals("additionalModelRequestFields") && value instanceof ObjectNode fields) {
            ofModel.setAll(fields);
        } else if (value != null && !value.isNull()) {
            body.set(name, value);
        }
    }

    private void sampling() {
        asked.maxTokens().ifPresent(value -> sampling.put("maxTokens", value));
        if (!asked.stops().isEmpty()) {
            asked.stops().forEach(sampling.putArray("stopSequences")::add);
        }
        boolean anthropic = BedrockModels.isAnthropic(model);
        if (anthropic && !AnthropicModels.takesSampling(model)) {
            return;
        }
        Optional<BigDecimal> temperature = asked.temperature(BigDecimal.ONE);
        temperature.ifPresent(value -> sampling.put("temperature", value));
        if (!anthropic || temperature.isEmpty() || AnthropicModels.takesTemperatureBesideTopP(model)) {
            asked.number("top_p").ifPresent(value -> sampling.put("topP", value));
        }
    }

    private void format() {
        ResponseFormat format = query.format();
        if (format.kind() == ResponseFormat.Kind.JSON_OBJECT) {
            throw Prompts.unsupported("response_format json_object is not offered by bedrock; give a json_schema");
        }
        if (format.kind() == ResponseFormat.Kind.JSON_SCHEMA) {
            // The schema is a text there, and not an object.
            body.withObject("/outputConfig/textFormat")
                    .put("type", "json_schema")
                    .putObject("structure")
                    .putObject("jsonSchema")
                    .put("schema", Json.text(format.schema()))
                    .put("name", format.name());
        }
    }

    private void reasoning() {
        String effort = asked.text("reasoning_effort").orElse("");
        if (effort.isEmpty() || ofModel.has("thinking") || ofModel.has("reasoning_effort")) {
            return;
        }
        if (!BedrockModels.isAnthropic(model)) {
            ofModel.put("reasoning_effort", effort);
        } else if (effort.equals("none")) {
            ofModel.putObject("thinking").put("type", "disabled");
        } else if (AnthropicModels.thinksAdaptively(model)) {
            ofModel.putObject("thinking").put("type", "adaptive");
            body.withObject("/outputConfig").put("effort", effort.equals("minimal") ? "low" : effort);
        } else {
            thinks(effort);
        }
    }

    private void thinks(String effort) {
        int budget = Optional.ofNullable(AnthropicRequest.BUDGETS.get(effort))
                .orElseThrow(
                        () -> Prompts.unsupported("reasoning_effort must be one of none, minimal, low, medium, high"));
        Optional<Integer> most = asked.maxTokens();
        // What is thought counts, and the limit must be above it.
        if (most.isPresent() && most.get() <= AnthropicRequest.LEAST_BUDGET) {
            throw Prompts.unsupported("max_tokens must be above " + AnthropicRequest.LEAST_BUDGET
                    + " for a model of anthropic that thinks");
        }
        int tokens = most.map(limit -> Math.min(budget, limit - 1)).orElse(budget);
        ofModel.putObject("thinking").put("type", "enabled").put("budget_tokens", tokens);
        if (most.isEmpty()) {
            sampling.put("maxTokens", AnthropicModels.defaultMaxTokens(model) + budget);
        }
        // Beside thinking the model takes no sampling parameters.
        sampling.remove(List.of("temperature", "topP"));
        ofModel.remove("top_k");
    }
}
