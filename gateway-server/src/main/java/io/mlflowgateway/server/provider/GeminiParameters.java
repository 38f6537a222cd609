package io.mlflowgateway.server.provider;

import static io.mlflowgateway.server.provider.parameter.Treatment.sentAs;

import io.mlflowgateway.server.provider.parameter.ParameterTable;
import io.mlflowgateway.server.provider.parameter.Treatment;

/** What becomes of parameters at Gemini. */
final class GeminiParameters {
    private static final String CONFIG = "generationConfig.";

    /** Of {@code generateContent}. */
    static final ParameterTable GENERATE = ParameterTable.TRANSLATED
            .with(sentAs(CONFIG + "maxOutputTokens"), "max_tokens", "max_completion_tokens")
            .with(sentAs(CONFIG + "temperature"), "temperature")
            .with(sentAs(CONFIG + "topP"), "top_p")
            .with(sentAs(CONFIG + "topK"), "top_k")
            .with(sentAs(CONFIG + "candidateCount"), "n")
            .with(sentAs(CONFIG + "seed"), "seed")
            .with(sentAs(CONFIG + "presencePenalty"), "presence_penalty")
            .with(sentAs(CONFIG + "frequencyPenalty"), "frequency_penalty")
            .with(sentAs(CONFIG + "stopSequences", "more than five are refused"), "stop")
            .with(sentAs(CONFIG + "responseMimeType", "with responseJsonSchema"), "response_format")
            .with(sentAs(CONFIG + "thinkingConfig", "a budget for Gemini 2, a level after"), "reasoning_effort")
            .with(sentAs("tools.functionDeclarations"), "tools", "functions")
            .with(sentAs("toolConfig.functionCallingConfig"), "tool_choice", "function_call");

    /** Of {@code embedContent}. */
    static final ParameterTable EMBED = ParameterTable.CLOSED
            .forwarding("taskType", "title")
            .with(sentAs("outputDimensionality"), "dimensions")
            .with(Treatment.VECTORS_WRITTEN, "encoding_format");

    /** Of Vertex AI's {@code predict}. */
    static final ParameterTable PREDICT = ParameterTable.CLOSED
            .with(sentAs("instances.task_type"), "task_type", "taskType")
            .with(sentAs("instances.title"), "title")
            .with(sentAs("parameters.outputDimensionality"), "dimensions")
            .with(sentAs("parameters.autoTruncate"), "autoTruncate")
            .with(Treatment.VECTORS_WRITTEN, "encoding_format");

    private GeminiParameters() {}
}
