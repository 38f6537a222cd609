package io.mlflowgateway.server.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.config.ProviderSpec;
import io.mlflowgateway.server.config.SettingKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProvidersTest {
    private final Providers providers = new Providers();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "openai",
                "anthropic",
                "gemini",
                "cohere",
                "bedrock",
                "mistral",
                "togetherai",
                "ollama",
                "openai-compatible",
                "databricks",
                "ai21labs",
                "huggingface-text-generation-inference",
                "mlflow-model-serving",
                "palm",
                "mosaicml",
                "echo"
            })
    void a_provider_is_found_by_its_name(String name) {
        assertThat(providers.find(name).map(provider -> provider.spec().name())).contains(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "open ai", "openai2", "OpenAI"})
    void any_other_name_is_not(String asked) {
        assertThat(providers.find(asked)).isEmpty();
    }

    @Test
    void every_provider_says_what_it_is() {
        assertThat(providers.specs()).extracting(ProviderSpec::name).contains("openai", "mlflow-model-serving", "echo");
        assertThat(providers.specs())
                .allSatisfy(spec -> assertThat(spec.tasks()).isNotEmpty());
        assertThat(providers.specs())
                .flatExtracting(ProviderSpec::settings)
                .extracting(SettingKey::description)
                .allSatisfy(description -> assertThat(description).endsWith("."));
    }
}
