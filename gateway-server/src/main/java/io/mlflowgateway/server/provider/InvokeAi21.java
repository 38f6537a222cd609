package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.provider.chat.Finish;
import io.mlflowgateway.server.provider.chat.Parameters;
import io.mlflowgateway.server.provider.parameter.ParameterTable;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Query;
import io.mlflowgateway.server.query.Reply;
import java.math.BigDecimal;

/** AI21's Jurassic models, which take a prompt and know no streams. */
final class InvokeAi21 implements InvokeForm {
    private final String provider;

    /** @param provider whom a refusal names */
    InvokeAi21(String provider) {
        this.provider = provider;
    }

    @Override
    public ParameterTable parameters(String model) {
        return BedrockParameters.AI21;
    }

    @Override
    public ObjectNode body(Query query, Attempt attempt) {
        if (query.streams()) {
            throw noStreams();
        }
        InvokePrompt prompt = InvokePrompt.of(query, provider);
        Parameters asked = prompt.asked();
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("prompt", prompt.text());
        asked.maxTokens().ifPresent(value -> body.put("maxTokens", value));
        asked.temperature(BigDecimal.ONE).ifPresent(value -> body.put("temperature", value));
        asked.number("top_p").ifPresent(value -> body.put("topP", value));
        if (!asked.stops().isEmpty()) {
            asked.stops().forEach(body.putArray("stopSequences")::add);
        }
        asked.addUnknown(body);
        return body;
    }

    @Override
    public Reply.Whole reply(UpstreamResponse.Whole response, Attempt attempt) {
        JsonNode completion =
                JsonObjects.ofAnswer(response.body()).path("completions").path(0);
        if (!completion.at("/data/text").isTextual()) {
            throw JsonObjects.invalidAnswer("has no 'completions' with a text");
        }
        String reason = completion.at("/finishReason/reason").asText("");
        String text = completion.at("/data/text").asText();
        return InvokeForm.reply(attempt, text, finish(reason), reason, InvokeForm.counted(response));
    }

    private static Finish finish(String reason) {
        return switch (reason) {
            case "endoftext", "stop" -> Finish.STOP;
            case "length" -> Finish.LENGTH;
            default -> Finish.UNKNOWN;
        };
    }

    @Override
    public ChunkReader reader(Attempt attempt) {
        throw noStreams();
    }

    private static Failure noStreams() {
        return Failure.of(Failure.Kind.UNPROCESSABLE, "stream must be false: the model of this route knows no streams");
    }
}
