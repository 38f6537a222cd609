package io.mlflowgateway.server.provider;

import static io.mlflowgateway.server.provider.parameter.Treatment.changed;
import static io.mlflowgateway.server.provider.parameter.Treatment.sentAs;

import io.mlflowgateway.server.provider.parameter.ParameterTable;
import java.util.HashSet;
import java.util.Set;

/** What becomes of parameters at Anthropic. */
final class AnthropicParameters {
    private static final String OLD_ONLY = "models from 4.7 on and the API from 2026-10-21 on do not support it";

    /** Of the Messages API. */
    static final ParameterTable MESSAGES = ParameterTable.TRANSLATED
            .with(changed("max_tokens", "8192 without it, 4096 for Claude 3 and older"), "max_tokens")
            .with(sentAs("max_tokens"), "max_completion_tokens")
            .with(sentAs("stop_sequences"), "stop")
            .with(
                    changed(
                            "temperature",
                            "in a range that ends at 1, not beside reasoning_effort before 4.6; " + OLD_ONLY),
                    "temperature")
            .with(changed("top_p", "as temperature, and from 4.1 on not beside it; " + OLD_ONLY), "top_p")
            .with(changed("top_k", "as temperature; " + OLD_ONLY), "top_k")
            .with(sentAs("tools"), "tools", "functions")
            .with(sentAs("tool_choice"), "tool_choice", "function_call")
            .with(sentAs("tool_choice.disable_parallel_tool_use"), "parallel_tool_calls")
            .with(sentAs("output_config.format", "a json_schema; json_object is refused"), "response_format")
            .with(sentAs("thinking", "with output_config.effort, or as tokens before 4.6"), "reasoning_effort")
            .with(sentAs("metadata.user_id"), "user");

    private static final ParameterTable WITHOUT_SAMPLING = MESSAGES.without("temperature", "top_p", "top_k");

    /** Of the API before it. */
    static final ParameterTable COMPLETE = ParameterTable.TRANSLATED
            .forwarding("top_p")
            .with(sentAs("max_tokens_to_sample"), "max_tokens", "max_completion_tokens")
            .with(sentAs("stop_sequences"), "stop")
            .with(changed("temperature", "in a range that ends at 1"), "temperature");

    private AnthropicParameters() {}

    /**
     * Of the Messages API at one model.
     *
     * @param takesSampling as by {@link AnthropicRequest#takesSampling}
     */
    static ParameterTable of(String model, boolean takesSampling) {
        return takesSampling ? alone(MESSAGES, model) : WITHOUT_SAMPLING;
    }

    /** The table, with the sampling parameters unsupported beside what this model does not take them with. */
    static ParameterTable alone(ParameterTable table, String model) {
        Set<String> besideAny = new HashSet<>();
        if (!AnthropicModels.thinksAdaptively(model)) {
            // Beside a number of tokens to think the API takes no sampling parameters.
            besideAny.add("reasoning_effort");
        }
        Set<String> besideTopP = new HashSet<>(besideAny);
        if (!AnthropicModels.takesTemperatureBesideTopP(model)) {
            besideTopP.add("temperature");
        }
        return unless(unless(unless(table, "temperature", besideAny), "top_k", besideAny), "top_p", besideTopP);
    }

    private static ParameterTable unless(ParameterTable table, String name, Set<String> others) {
        return table.with(table.of(name).unless(others), name);
    }
}
