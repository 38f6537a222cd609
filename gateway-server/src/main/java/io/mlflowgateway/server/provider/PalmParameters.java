package io.mlflowgateway.server.provider;

import static io.mlflowgateway.server.provider.parameter.Treatment.changed;
import static io.mlflowgateway.server.provider.parameter.Treatment.doneHere;
import static io.mlflowgateway.server.provider.parameter.Treatment.sentAs;

import io.mlflowgateway.server.provider.parameter.ParameterTable;
import io.mlflowgateway.server.provider.parameter.Treatment;

/** What becomes of parameters at PaLM. */
final class PalmParameters {
    private static final ParameterTable SAMPLING = ParameterTable.CLOSED
            .forwarding("safetySettings")
            .with(changed("temperature", "in a range that ends at 1"), "temperature")
            .with(sentAs("topP"), "top_p")
            .with(sentAs("topK"), "top_k")
            .with(sentAs("candidateCount"), "n")
            .with(sentAs("stopSequences"), "stop")
            .with(doneHere("not sent: nothing streams"), "stream_options");

    /** Of {@code generateMessage}. */
    static final ParameterTable MESSAGE =
            SAMPLING.with(sentAs("prompt.context"), "context").with(sentAs("prompt.examples"), "examples");

    /** Of {@code generateText}. */
    static final ParameterTable TEXT = SAMPLING.with(sentAs("maxOutputTokens"), "max_tokens", "max_completion_tokens");

    /** Of {@code batchEmbedText}. */
    static final ParameterTable EMBED = ParameterTable.CLOSED.with(Treatment.VECTORS_WRITTEN, "encoding_format");

    private PalmParameters() {}
}
