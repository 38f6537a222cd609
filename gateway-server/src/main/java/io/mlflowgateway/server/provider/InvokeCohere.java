package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.provider.chat.Parameters;
import io.mlflowgateway.server.provider.parameter.ParameterTable;
import io.mlflowgateway.server.query.Query;
import io.mlflowgateway.server.query.Reply;
import java.math.BigDecimal;

/** Cohere's Command models that take a prompt. */
final class InvokeCohere implements InvokeForm {
    @Override
    public ParameterTable parameters(String model) {
        return BedrockParameters.COHERE;
    }

    @Override
    public ObjectNode body(Query query, Attempt attempt) {
        InvokePrompt prompt = InvokePrompt.of(query);
        Parameters asked = prompt.asked();
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("prompt", prompt.text());
        asked.maxTokens().ifPresent(value -> body.put("max_tokens", value));
        asked.temperature(BigDecimal.ONE).ifPresent(value -> body.put("temperature", value));
        asked.number("top_p").ifPresent(value -> body.put("p", value));
        asked.integer("top_k").ifPresent(value -> body.put("k", value));
        if (!asked.stops().isEmpty()) {
            asked.stops().forEach(body.putArray("stop_sequences")::add);
        }
        if (query.streams()) {
            body.put("stream", true);
        }
        asked.addUnknown(body);
        body.remove("top_k");
        return body;
    }

    @Override
    public Reply.Whole reply(UpstreamResponse.Whole response, Attempt attempt) {
        JsonNode generation =
                JsonObjects.ofAnswer(response.body()).path("generations").path(0);
        if (!generation.path("text").isTextual()) {
            throw JsonObjects.invalidAnswer("has no 'generations' with a 'text'");
        }
        String reason = generation.path("finish_reason").asText("");
        String text = generation.path("text").asText();
        return InvokeForm.reply(attempt, text, CohereAnswer.finish(reason), reason, InvokeForm.counted(response));
    }

    @Override
    public ChunkReader reader(Attempt attempt) {
        return new InvokeTextStream(attempt, "text", "finish_reason", CohereAnswer::finish);
    }
}
