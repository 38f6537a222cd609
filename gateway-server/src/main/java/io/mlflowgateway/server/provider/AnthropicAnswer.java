package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.databind.JsonNode;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.provider.chat.ChatAnswer;
import io.mlflowgateway.server.provider.chat.Finish;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.query.Usage;

/** Reads a message of the Messages API. */
final class AnthropicAnswer {
    /** The member of the usage that tells how long what was written stays. */
    static final String CACHE_CREATION = "cache_creation";

    private AnthropicAnswer() {}

    static Reply.Whole read(byte[] json, Attempt attempt) {
        JsonNode message = JsonObjects.ofAnswer(json);
        if (message.path("type").asText("").equals("error")) {
            throw Refusals.ofErrorMember(message.path("error"), attempt.settings());
        }
        if (!message.path("content").isArray()) {
            throw JsonObjects.invalidAnswer("has no 'content' array");
        }
        ChatAnswer answer = new ChatAnswer(
                message.path("id").asText("chatcmpl"),
                message.path("model").asText(attempt.model()),
                attempt.now().getEpochSecond());
        ChatAnswer.Choice choice = answer.choice();
        message.path("content").forEach(block -> add(block, choice));
        String reason = message.path("stop_reason").asText("");
        if (reason.isEmpty()) {
            throw JsonObjects.invalidAnswer("has no 'stop_reason'");
        }
        if (reason.equals("refusal")) {
            choice.refusal(message.at("/stop_details/explanation").asText("the model refused to answer"));
        }
        choice.finish(finish(reason), reason);
        return answer.reply(usage(message.path("usage")));
    }

    private static void add(JsonNode block, ChatAnswer.Choice choice) {
        switch (block.path("type").asText("")) {
            case "text" -> choice.text(block.path("text").asText(""));
            case "tool_use" ->
                choice.toolCall(
                        block.path("id").asText(""), block.path("name").asText(""), Json.text(block.path("input")));
            case "thinking", "redacted_thinking" -> {
                choice.reasoning(block.path("thinking").asText(""));
                choice.message().withArray(AnthropicTurns.THINKING_BLOCKS).add(block);
            }
            default -> {
                // The blocks of Anthropic's own tools say nothing an OpenAI client could read.
            }
        }
    }

    static Finish finish(String reason) {
        return switch (reason) {
            case "end_turn", "stop_sequence", "pause_turn" -> Finish.STOP;
            case "max_tokens", "model_context_window_exceeded" -> Finish.LENGTH;
            case "tool_use" -> Finish.TOOL_CALLS;
            case "refusal" -> Finish.CONTENT_FILTER;
            default -> Finish.UNKNOWN;
        };
    }

    /**
     * Anthropic counts what came from a cache, and what went into it, apart from the rest of the prompt; and of the latter
     * what stays there for an hour, once more.
     */
    static Usage usage(JsonNode usage) {
        long written = UsageScan.count(usage, "cache_creation_input_tokens");
        long forAnHour = Math.min(written, UsageScan.count(usage.path(CACHE_CREATION), "ephemeral_1h_input_tokens"));
        return new Usage(
                UsageScan.count(usage, "input_tokens"),
                UsageScan.count(usage, "cache_read_input_tokens"),
                written - forAnHour,
                forAnHour,
                UsageScan.count(usage, "output_tokens"),
                0,
                0,
                0,
                0,
                false);
    }
}
