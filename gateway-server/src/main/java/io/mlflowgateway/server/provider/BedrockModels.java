package io.mlflowgateway.server.provider;

import java.util.Optional;

/**
 * What is known of Bedrock's models by their ids: {@code anthropic.claude-...}, the same behind the name of regions
 * ({@code us.anthropic.claude-...}), or an ARN that ends so.
 */
final class BedrockModels {
    private BedrockModels() {}

    static boolean isAnthropic(String model) {
        return model.contains("anthropic.");
    }

    /** Cohere's models for vectors; all others are asked as Titan's are. */
    static boolean isCohere(String model) {
        return model.contains("cohere.");
    }

    /** The first version of Titan's vectors, which knows nothing but the text. */
    static boolean isFirstTitan(String model) {
        return model.contains("titan-embed-text-v1") || model.contains("titan-embed-g1");
    }

    /** The form that completions of this model have; empty where it is asked over Converse. */
    static Optional<InvokeForm> completions(String model) {
        if (model.contains("amazon.titan-text") || model.contains("amazon.titan-tg1")) {
            return Optional.of(new InvokeTitan());
        }
        if (isAnthropic(model)) {
            return Optional.of(new InvokeAnthropic());
        }
        if (model.contains("cohere.command-text") || model.contains("cohere.command-light")) {
            return Optional.of(new InvokeCohere());
        }
        return model.contains("ai21.j2") ? Optional.of(new InvokeAi21("bedrock")) : Optional.empty();
    }
}
