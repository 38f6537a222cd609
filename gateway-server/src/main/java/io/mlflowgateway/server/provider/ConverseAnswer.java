package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.provider.chat.ChatAnswer;
import io.mlflowgateway.server.provider.chat.Finish;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.query.Usage;
import java.time.Instant;

/** Reads an answer of Converse. It has no id and names no model. */
final class ConverseAnswer {
    private ConverseAnswer() {}

    static Reply.Whole read(byte[] json, Attempt attempt) {
        JsonNode answer = JsonObjects.ofAnswer(json);
        JsonNode content = answer.at("/output/message/content");
        if (!content.isArray()) {
            throw JsonObjects.invalidAnswer("has no 'output.message.content' array");
        }
        ChatAnswer chat =
                new ChatAnswer(id(attempt), attempt.model(), attempt.now().getEpochSecond());
        ChatAnswer.Choice choice = chat.choice();
        content.forEach(block -> add(block, choice));
        String reason = answer.path("stopReason").asText("");
        if (reason.isEmpty()) {
            throw JsonObjects.invalidAnswer("has no 'stopReason'");
        }
        choice.finish(finish(reason), reason);
        return chat.reply(usage(answer.path("usage")));
    }

    private static void add(JsonNode block, ChatAnswer.Choice choice) {
        if (block.has("text")) {
            choice.text(block.path("text").asText(""));
        } else if (block.has("toolUse")) {
            JsonNode use = block.path("toolUse");
            choice.toolCall(
                    use.path("toolUseId").asText(""), use.path("name").asText(""), Json.text(use.path("input")));
        } else if (block.has("reasoningContent")) {
            JsonNode thought = block.path("reasoningContent");
            choice.reasoning(thought.at("/reasoningText/text").asText(""));
            choice.message().withArray(AnthropicTurns.THINKING_BLOCKS).add(thought(thought));
        } else if (block.has("citationsContent")) {
            block.at("/citationsContent/content")
                    .forEach(part -> choice.text(part.path("text").asText("")));
        }
    }

    /** A thought in Anthropic's form, in which callers give it back. */
    private static ObjectNode thought(JsonNode reasoning) {
        JsonNode text = reasoning.path("reasoningText");
        return text.isObject()
                ? thinking(text.path("text").asText(""), text.path("signature").asText(""))
                : redacted(reasoning.path("redactedContent").asText(""));
    }

    /** @param signature empty where the model gives none */
    static ObjectNode thinking(String text, String signature) {
        ObjectNode block =
                JsonNodeFactory.instance.objectNode().put("type", "thinking").put("thinking", text);
        return signature.isEmpty() ? block : block.put("signature", signature);
    }

    static ObjectNode redacted(String base64) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("type", "redacted_thinking")
                .put("data", base64);
    }

    /** One for each instant. */
    static String id(Attempt attempt) {
        Instant now = attempt.now();
        return "chatcmpl-" + Long.toHexString(now.getEpochSecond()) + Integer.toHexString(now.getNano());
    }

    /** Throws for what is no end of an answer. */
    static Finish finish(String reason) {
        return switch (reason) {
            case "end_turn", "stop_sequence" -> Finish.STOP;
            case "max_tokens", "model_context_window_exceeded" -> Finish.LENGTH;
            case "tool_use" -> Finish.TOOL_CALLS;
            case "content_filtered", "guardrail_intervened" -> Finish.CONTENT_FILTER;
            case "malformed_model_output", "malformed_tool_use" ->
                throw Failure.of(Failure.Kind.UPSTREAM_INVALID, "the provider's model failed to answer: " + reason);
            default -> Finish.UNKNOWN;
        };
    }

    /**
     * Bedrock counts what came from a cache, and what went into it, apart from the rest of the prompt; and the latter once
     * more by the time it stays there.
     */
    static Usage usage(JsonNode usage) {
        long written = UsageScan.count(usage, "cacheWriteInputTokens");
        long forAnHour = 0;
        for (JsonNode detail : usage.path("cacheDetails")) {
            boolean isHour = detail.path("ttl").asText("").equals("1h");
            forAnHour = Math.min(written, forAnHour + (isHour ? UsageScan.count(detail, "inputTokens") : 0));
        }
        return new Usage(
                UsageScan.count(usage, "inputTokens"),
                UsageScan.count(usage, "cacheReadInputTokens"),
                written - forAnHour,
                forAnHour,
                UsageScan.count(usage, "outputTokens"),
                0,
                0,
                0,
                0,
                false);
    }
}
