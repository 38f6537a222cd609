package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.databind.JsonNode;
import io.mlflowgateway.server.provider.chat.ChatAnswer;
import io.mlflowgateway.server.provider.chat.Finish;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.query.Usage;

/** Reads a v2 chat answer. It names no model. */
final class CohereAnswer {
    private CohereAnswer() {}

    static Reply.Whole read(byte[] json, Attempt attempt) {
        JsonNode answer = JsonObjects.ofAnswer(json);
        JsonNode message = answer.path("message");
        if (!message.isObject()) {
            throw JsonObjects.invalidAnswer("has no 'message'");
        }
        ChatAnswer chat = new ChatAnswer(
                answer.path("id").asText("chatcmpl"),
                attempt.model(),
                attempt.now().getEpochSecond());
        ChatAnswer.Choice choice = chat.choice();
        choice.reasoning(message.path("tool_plan").asText(""));
        for (JsonNode block : message.path("content")) {
            if (block.path("type").asText("").equals("thinking")) {
                choice.reasoning(block.path("thinking").asText(""));
            } else {
                choice.text(block.path("text").asText(""));
            }
        }
        for (JsonNode call : message.path("tool_calls")) {
            JsonNode function = call.path("function");
            choice.toolCall(
                    call.path("id").asText(""),
                    function.path("name").asText(""),
                    function.path("arguments").asText(""));
        }
        String reason = answer.path("finish_reason").asText("");
        if (reason.isEmpty()) {
            throw JsonObjects.invalidAnswer("has no 'finish_reason'");
        }
        choice.finish(finish(reason), reason);
        return chat.reply(usage(answer.path("usage")));
    }

    /** Throws for what is no end of an answer. */
    static Finish finish(String reason) {
        return switch (reason) {
            case "COMPLETE", "STOP_SEQUENCE" -> Finish.STOP;
            case "MAX_TOKENS" -> Finish.LENGTH;
            case "TOOL_CALL" -> Finish.TOOL_CALLS;
            case "ERROR_TOXIC" -> Finish.CONTENT_FILTER;
            case "ERROR", "TIMEOUT", "ERROR_LIMIT", "USER_CANCEL" ->
                throw Failure.of(Failure.Kind.UPSTREAM_INVALID, "the provider's model failed to answer: " + reason);
            default -> Finish.UNKNOWN;
        };
    }

    /** Tokens as the model counts them; what is billed may be less. Cohere writes them as floats. */
    static Usage usage(JsonNode usage) {
        JsonNode tokens = usage.hasNonNull("tokens") ? usage.path("tokens") : usage.path("billed_units");
        long input = UsageScan.count(tokens, "input_tokens");
        long cached = Math.min(UsageScan.count(usage, "cached_tokens"), input);
        return new Usage(input - cached, cached, 0, UsageScan.count(tokens, "output_tokens"), 0, 0, 0, 0, false);
    }
}
