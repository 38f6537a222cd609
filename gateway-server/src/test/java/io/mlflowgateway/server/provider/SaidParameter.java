package io.mlflowgateway.server.provider;

import io.mlflowgateway.server.query.Task;
import java.util.Map;

/**
 * A parameter as a caller says it.
 *
 * @param json a value that asks for something, and that no other parameter has
 * @param beside members without which it says nothing; each begins with a comma
 */
record SaidParameter(String name, String json, String beside) {
    private static final String TOOL =
            "{\"name\":\"marked_tool\",\"parameters\":{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}}}}";
    private static final String TOOLS = ",\"tools\":[{\"type\":\"function\",\"function\":" + TOOL + "}]";

    private static final Map<String, String> VALUES = Map.ofEntries(
            Map.entry("audio", "{\"voice\":\"marked\",\"format\":\"wav\"}"),
            Map.entry("best_of", "3"),
            Map.entry("dimensions", "37"),
            Map.entry("echo", "true"),
            Map.entry("encoding_format", "\"base64\""),
            Map.entry("frequency_penalty", "0.37"),
            Map.entry("function_call", "{\"name\":\"marked_tool\"}"),
            Map.entry("functions", "[" + TOOL + "]"),
            Map.entry("logit_bias", "{\"37\":37}"),
            Map.entry("logprobs", "true"),
            Map.entry("max_completion_tokens", "1937"),
            Map.entry("max_tokens", "1937"),
            Map.entry("metadata", "{\"marked\":\"marked\"}"),
            Map.entry("min_tokens", "37"),
            Map.entry("modalities", "[\"text\",\"audio\"]"),
            Map.entry("n", "3"),
            Map.entry("parallel_tool_calls", "false"),
            Map.entry("presence_penalty", "0.37"),
            Map.entry("random_seed", "37"),
            Map.entry("reasoning_effort", "\"high\""),
            Map.entry("repetition_penalty", "1.37"),
            Map.entry("response_format", schema()),
            Map.entry("safe_prompt", "true"),
            Map.entry("seed", "37"),
            Map.entry("stop", "\"marked\""),
            Map.entry("store", "true"),
            Map.entry("stream_options", "{\"marked\":true}"),
            Map.entry("temperature", "0.37"),
            Map.entry("tool_choice", "\"required\""),
            Map.entry("tools", "[{\"type\":\"function\",\"function\":" + TOOL + "}]"),
            Map.entry("top_k", "37"),
            Map.entry("top_logprobs", "3"),
            Map.entry("top_p", "0.37"),
            Map.entry("web_search_options", "{\"marked\":true}"));

    private static final Map<String, String> BESIDE = Map.of(
            "tool_choice",
            TOOLS,
            "parallel_tool_calls",
            TOOLS,
            "function_call",
            ",\"functions\":[" + TOOL + "]",
            "top_logprobs",
            ",\"logprobs\":true");

    /** One of any name: those without a value of their own are texts. */
    static SaidParameter of(String name) {
        return new SaidParameter(name, VALUES.getOrDefault(name, "\"marked\""), BESIDE.getOrDefault(name, ""));
    }

    /** A body that asks the task without it. */
    String without(Task task) {
        String content = switch (task) {
            case CHAT -> "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";
            case COMPLETIONS -> "\"prompt\":\"hi\"";
            case EMBEDDINGS -> "\"input\":\"hi\"";
        };
        return '{' + content + beside + '}';
    }

    /** The same body with it. */
    String with(Task task) {
        String body = without(task);
        return body.substring(0, body.length() - 1) + ",\"" + name + "\":" + json + '}';
    }

    private static String schema() {
        return "{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"marked\",\"schema\":{\"type\":\"object\","
                + "\"properties\":{\"a\":{\"type\":\"string\"}},\"required\":[\"a\"],\"additionalProperties\":false}}}";
    }
}
