package io.mlflowgateway.server.provider.parameter;

import io.mlflowgateway.server.query.Task;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The members of OpenAI's requests (openai-python 3.52, {@code completion_create_params} and its like). */
public final class OpenAiParameters {
    /** What is asked, and how the answer comes: no parameters, since every provider has a place for them. */
    public static final Set<String> CONTENT = Set.of("model", "messages", "prompt", "input", "stream");

    private static final List<String> CHAT = List.of(
            "audio",
            "frequency_penalty",
            "function_call",
            "functions",
            "logit_bias",
            "logprobs",
            "max_completion_tokens",
            "max_tokens",
            "metadata",
            "modalities",
            "moderation",
            "n",
            "parallel_tool_calls",
            "prediction",
            "presence_penalty",
            "prompt_cache_key",
            "prompt_cache_options",
            "prompt_cache_retention",
            "reasoning_effort",
            "response_format",
            "safety_identifier",
            "seed",
            "service_tier",
            "stop",
            "store",
            "stream_options",
            "temperature",
            "tool_choice",
            "tools",
            "top_logprobs",
            "top_p",
            "user",
            "verbosity",
            "web_search_options");

    private static final List<String> COMPLETIONS = List.of(
            "best_of",
            "echo",
            "frequency_penalty",
            "logit_bias",
            "logprobs",
            "max_tokens",
            "n",
            "presence_penalty",
            "seed",
            "stop",
            "stream_options",
            "suffix",
            "temperature",
            "top_p",
            "user");

    private static final List<String> EMBEDDINGS = List.of("dimensions", "encoding_format", "user");

    /** The parameters of all that writes text. */
    static final Set<String> TEXT =
            Stream.concat(CHAT.stream(), COMPLETIONS.stream()).collect(Collectors.toUnmodifiableSet());

    private OpenAiParameters() {}

    /** The parameters of a task, by name. */
    static List<String> of(Task task) {
        return switch (task) {
            case CHAT -> CHAT;
            case COMPLETIONS -> COMPLETIONS;
            case EMBEDDINGS -> EMBEDDINGS;
        };
    }

    static boolean isOfSomeTask(String name) {
        return TEXT.contains(name) || EMBEDDINGS.contains(name);
    }

    /** Whether it is a parameter or the content of a chat or a completion. */
    public static boolean isOfText(String member) {
        return TEXT.contains(member) || (CONTENT.contains(member) && !member.equals("input"));
    }
}
