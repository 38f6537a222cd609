package io.mlflowgateway.server.provider;

import static io.mlflowgateway.server.provider.parameter.Treatment.changed;
import static io.mlflowgateway.server.provider.parameter.Treatment.sentAs;

import io.mlflowgateway.server.provider.parameter.ParameterTable;
import io.mlflowgateway.server.provider.parameter.Treatment;
import io.mlflowgateway.server.query.Task;

/** What becomes of parameters at Bedrock. */
final class BedrockParameters {
    private static final String OF_MODEL = "additionalModelRequestFields";
    private static final String OLD_ONLY =
            "in a range that ends at 1; Anthropic's models from 4.7 on do not support it";

    private static final ParameterTable NAMED = ParameterTable.TRANSLATED
            .with(sentAs("inferenceConfig.maxTokens"), "max_tokens", "max_completion_tokens")
            .with(sentAs("inferenceConfig.temperature", OLD_ONLY), "temperature")
            .with(sentAs("inferenceConfig.topP", "left out by Anthropic's from 4.1 on beside temperature"), "top_p")
            .with(sentAs(OF_MODEL + ".top_k"), "top_k")
            .with(sentAs("inferenceConfig.stopSequences"), "stop")
            .with(sentAs("toolConfig.tools"), "tools", "functions")
            .with(sentAs("toolConfig.toolChoice"), "tool_choice", "function_call")
            .with(sentAs("outputConfig.textFormat", "a json_schema; json_object is refused"), "response_format")
            .with(sentAs("serviceTier.type", "auto is left out"), "service_tier")
            .with(sentAs(OF_MODEL + ".reasoning_effort", "as thinking for Anthropic's models"), "reasoning_effort")
            .with(changed(OF_MODEL, "with all that OpenAI does not know"), OF_MODEL)
            .forwarding(
                    "additionalModelResponseFieldPaths",
                    "guardrailConfig",
                    "performanceConfig",
                    "promptVariables",
                    "requestMetadata");

    /** Of Converse: what OpenAI does not know goes to the model. */
    static final ParameterTable CONVERSE = new ParameterTable(NAMED.named(), sentAs(OF_MODEL + "." + Treatment.NAME));

    private static final ParameterTable ANTHROPIC = CONVERSE.with(
            sentAs(OF_MODEL + ".thinking", "with outputConfig.effort, or as tokens before 4.6"), "reasoning_effort");

    private static final ParameterTable ANTHROPIC_WITHOUT_SAMPLING = ANTHROPIC.without("temperature", "top_p", "top_k");

    /** Of Titan Text. */
    static final ParameterTable TITAN = ParameterTable.TRANSLATED
            .with(sentAs("textGenerationConfig.maxTokenCount"), "max_tokens", "max_completion_tokens")
            .with(sentAs("textGenerationConfig.temperature", "in a range that ends at 1"), "temperature")
            .with(sentAs("textGenerationConfig.topP"), "top_p")
            .with(sentAs("textGenerationConfig.stopSequences"), "stop");

    /** Of Cohere's Command. */
    static final ParameterTable COHERE = ParameterTable.TRANSLATED
            .forwarding("max_tokens")
            .with(sentAs("max_tokens"), "max_completion_tokens")
            .with(changed("temperature", "in a range that ends at 1"), "temperature")
            .with(sentAs("p"), "top_p")
            .with(sentAs("k"), "top_k")
            .with(sentAs("stop_sequences"), "stop");

    /** Of AI21's Jurassic. */
    static final ParameterTable AI21 = ParameterTable.TRANSLATED
            .with(sentAs("maxTokens"), "max_tokens", "max_completion_tokens")
            .with(changed("temperature", "in a range that ends at 1"), "temperature")
            .with(sentAs("topP"), "top_p")
            .with(sentAs("stopSequences"), "stop");

    private static final ParameterTable VECTORS =
            ParameterTable.CLOSED.with(Treatment.VECTORS_WRITTEN, "encoding_format");

    private static final ParameterTable TITAN_VECTORS = VECTORS.forwarding("dimensions", "normalize");

    private BedrockParameters() {}

    static ParameterTable of(Task task, String model) {
        if (task == Task.EMBEDDINGS) {
            return ofVectors(model);
        }
        return task == Task.COMPLETIONS
                ? BedrockModels.completions(model)
                        .map(form -> form.parameters(model))
                        .orElse(converse(model))
                : converse(model);
    }

    private static ParameterTable converse(String model) {
        if (!BedrockModels.isAnthropic(model)) {
            return CONVERSE;
        }
        return AnthropicModels.takesSampling(model)
                ? AnthropicParameters.alone(ANTHROPIC, model)
                : ANTHROPIC_WITHOUT_SAMPLING;
    }

    private static ParameterTable ofVectors(String model) {
        if (BedrockModels.isCohere(model)) {
            return CohereParameters.EMBED;
        }
        return BedrockModels.isFirstTitan(model) ? VECTORS : TITAN_VECTORS;
    }
}
