package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.provider.chat.ChatAnswer;
import io.mlflowgateway.server.provider.chat.ChatQuery;
import io.mlflowgateway.server.provider.chat.ChatReader;
import io.mlflowgateway.server.provider.chat.Finish;
import io.mlflowgateway.server.provider.chat.Parameters;
import io.mlflowgateway.server.query.Query;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.query.Usage;
import java.math.BigDecimal;

/** Completions by Text Generation Inference's own API, {@code /generate}. Shapes: huggingface_hub 2.4. */
final class TgiGenerate {
    /** The server refuses 0. */
    private static final BigDecimal COLDEST = new BigDecimal("0.001");

    private TgiGenerate() {}

    static ObjectNode body(Query query) {
        ChatQuery chat = ChatReader.read(CompletionsOverChat.asChat(query));
        Parameters asked = chat.parameters();
        Prompts.onlyOneChoice(asked, "huggingface-text-generation-inference");
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("inputs", chat.conversation().get(0).text());
        ObjectNode parameters = body.putObject("parameters").put("details", true);
        if (!query.streams()) {
            // The only way to learn how long the prompt was; streams tell it by themselves and refuse this.
            parameters.put("decoder_input_details", true);
        }
        asked.maxTokens().ifPresent(value -> parameters.put("max_new_tokens", value));
        asked.number("temperature").ifPresent(value -> parameters.put("temperature", value.max(COLDEST)));
        asked.number("top_p")
                .filter(value -> value.compareTo(BigDecimal.ONE) < 0)
                .ifPresent(value -> parameters.put("top_p", value));
        asked.number("frequency_penalty").ifPresent(value -> parameters.put("frequency_penalty", value));
        asked.integer("seed").ifPresent(value -> parameters.put("seed", value));
        asked.value("echo").ifPresent(value -> parameters.set("return_full_text", value));
        if (!asked.stops().isEmpty()) {
            asked.stops().forEach(parameters.putArray("stop")::add);
        }
        asked.addUnknown(parameters);
        return body;
    }

    static Reply.Whole reply(byte[] json, Attempt attempt) {
        JsonNode answer = JsonObjects.ofAnswer(json);
        if (answer.has("error")) {
            throw Refusals.ofErrorMember(error(answer), attempt.settings());
        }
        if (!answer.path("generated_text").isTextual()) {
            throw JsonObjects.invalidAnswer("has no 'generated_text'");
        }
        ChatAnswer chat = new ChatAnswer("cmpl", attempt.model(), attempt.now().getEpochSecond());
        JsonNode details = answer.path("details");
        String reason = details.path("finish_reason").asText("");
        chat.choice().text(answer.path("generated_text").asText()).finish(finish(reason), reason);
        Usage usage = details.isObject()
                ? new Usage(details.path("prefill").size(), UsageScan.count(details, "generated_tokens"))
                : Usage.UNKNOWN;
        return CompletionsOverChat.asCompletion(chat.reply(usage));
    }

    static Finish finish(String reason) {
        return switch (reason) {
            case "eos_token", "stop_sequence" -> Finish.STOP;
            case "length" -> Finish.LENGTH;
            default -> Finish.UNKNOWN;
        };
    }

    /** The server's words stand beside each other where others nest them. */
    static JsonNode error(JsonNode said) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("message", said.path("error").asText(""))
                .put("type", said.path("error_type").asText(""));
    }
}
