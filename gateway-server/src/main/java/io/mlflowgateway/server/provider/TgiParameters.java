package io.mlflowgateway.server.provider;

import static io.mlflowgateway.server.provider.parameter.Treatment.sentAs;

import io.mlflowgateway.server.provider.parameter.ParameterTable;
import io.mlflowgateway.server.provider.parameter.Treatment;

/** What becomes of parameters at Hugging Face's servers, where they are asked by their own APIs. */
final class TgiParameters {
    private static final String PARAMETERS = "parameters.";

    /** Of {@code /generate}. */
    static final ParameterTable GENERATE = new ParameterTable(
                    ParameterTable.TRANSLATED.named(), sentAs(PARAMETERS + Treatment.NAME))
            .with(sentAs(PARAMETERS + "max_new_tokens"), "max_tokens", "max_completion_tokens")
            .with(sentAs(PARAMETERS + "temperature", "at least 0.001"), "temperature")
            .with(sentAs(PARAMETERS + "top_p", "left out at 1"), "top_p")
            .with(sentAs(PARAMETERS + "frequency_penalty"), "frequency_penalty")
            .with(sentAs(PARAMETERS + "seed"), "seed")
            .with(sentAs(PARAMETERS + "return_full_text"), "echo")
            .with(sentAs(PARAMETERS + "stop", "as a list"), "stop");

    /** Of {@code /embed}. */
    static final ParameterTable EMBED = ParameterTable.CLOSED
            .forwarding("normalize", "truncate", "truncation_direction", "prompt_name", "dimensions")
            .with(Treatment.VECTORS_WRITTEN, "encoding_format");

    private TgiParameters() {}
}
