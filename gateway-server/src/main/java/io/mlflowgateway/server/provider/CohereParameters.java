package io.mlflowgateway.server.provider;

import static io.mlflowgateway.server.provider.parameter.Treatment.changed;
import static io.mlflowgateway.server.provider.parameter.Treatment.sentAs;

import io.mlflowgateway.server.provider.parameter.ParameterTable;
import io.mlflowgateway.server.provider.parameter.Treatment;

/** What becomes of parameters at Cohere. */
final class CohereParameters {
    /** Of the v2 chat. */
    static final ParameterTable CHAT = ParameterTable.TRANSLATED
            .forwarding("max_tokens", "seed", "presence_penalty", "frequency_penalty")
            .with(sentAs("max_tokens"), "max_completion_tokens")
            .with(changed("temperature", "in a range that ends at 1"), "temperature")
            .with(sentAs("p", "from 0.01 to 0.99"), "top_p")
            .with(sentAs("k"), "top_k")
            .with(sentAs("stop_sequences", "more than five are refused"), "stop")
            .with(sentAs("tools"), "tools", "functions")
            .with(sentAs("tool_choice", "a tool by name is the only one sent"), "tool_choice", "function_call")
            .with(changed("response_format", "a json_schema is the schema itself"), "response_format")
            .with(sentAs("thinking", "enabled or disabled"), "reasoning_effort");

    /** Of the v2 embed. */
    static final ParameterTable EMBED = ParameterTable.CLOSED
            .forwarding("input_type", "truncate")
            .with(sentAs("output_dimension"), "dimensions")
            .with(Treatment.VECTORS_WRITTEN, "encoding_format");

    /** Of the v1 chat. */
    static final ParameterTable CHAT_V1 = CHAT.without(
                    "tools", "functions", "tool_choice", "function_call", "reasoning_effort")
            .with(changed("response_format", "a json_schema is its schema"), "response_format");

    /** Of the v1 generate. */
    static final ParameterTable GENERATE = CHAT_V1.without("response_format")
            .with(changed("temperature", "in a range that ends at 5"), "temperature")
            .with(sentAs("num_generations", "more than five are refused"), "n");

    /** Of the v1 embed. */
    static final ParameterTable EMBED_V1 = EMBED.without("dimensions");

    private CohereParameters() {}
}
