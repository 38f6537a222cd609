package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.provider.chat.Finish;
import io.mlflowgateway.server.provider.chat.Parameters;
import io.mlflowgateway.server.provider.parameter.ParameterTable;
import io.mlflowgateway.server.query.Query;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.query.Usage;
import java.math.BigDecimal;

/** Amazon's Titan Text: {@code inputText} with a {@code textGenerationConfig}. */
final class InvokeTitan implements InvokeForm {
    @Override
    public ParameterTable parameters(String model) {
        return BedrockParameters.TITAN;
    }

    @Override
    public ObjectNode body(Query query, Attempt attempt) {
        InvokePrompt prompt = InvokePrompt.of(query);
        Parameters asked = prompt.asked();
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("inputText", prompt.text());
        ObjectNode config = JsonNodeFactory.instance.objectNode();
        asked.maxTokens().ifPresent(value -> config.put("maxTokenCount", value));
        asked.temperature(BigDecimal.ONE).ifPresent(value -> config.put("temperature", value));
        asked.number("top_p").ifPresent(value -> config.put("topP", value));
        if (!asked.stops().isEmpty()) {
            asked.stops().forEach(config.putArray("stopSequences")::add);
        }
        if (!config.isEmpty()) {
            body.set("textGenerationConfig", config);
        }
        asked.addUnknown(body);
        return body;
    }

    @Override
    public Reply.Whole reply(UpstreamResponse.Whole response, Attempt attempt) {
        JsonNode answer = JsonObjects.ofAnswer(response.body());
        JsonNode result = answer.path("results").path(0);
        if (!result.path("outputText").isTextual()) {
            throw JsonObjects.invalidAnswer("has no 'results' with an 'outputText'");
        }
        String reason = result.path("completionReason").asText("");
        Usage usage = new Usage(UsageScan.count(answer, "inputTextTokenCount"), UsageScan.count(result, "tokenCount"));
        return InvokeForm.reply(attempt, result.path("outputText").asText(), finish(reason), reason, usage);
    }

    private static Finish finish(String reason) {
        return switch (reason) {
            case "FINISH", "FINISHED", "STOP_CRITERIA_MET" -> Finish.STOP;
            case "LENGTH" -> Finish.LENGTH;
            case "CONTENT_FILTERED" -> Finish.CONTENT_FILTER;
            default -> Finish.UNKNOWN;
        };
    }

    @Override
    public ChunkReader reader(Attempt attempt) {
        return new InvokeTextStream(attempt, "outputText", "completionReason", InvokeTitan::finish);
    }
}
