package io.mlflowgateway.server.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.config.ProviderSpec;
import io.mlflowgateway.server.config.SettingKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProvidersTest {
    private final Providers providers = new Providers();

    @ParameterizedTest
    @CsvSource({
        "openai,openai", "OpenAI,openai", "mlflow-model-serving,mlflow-model-serving",
        "MLFLOW_MODEL_SERVING,mlflow-model-serving", "mlflow_model-serving,mlflow-model-serving", "Echo,echo"
    })
    void a_name_is_found_without_regard_to_case_and_dashes(String asked, String name) {
        assertThat(providers.find(asked).map(provider -> provider.spec().name()))
                .contains(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "open ai", "openai2", "anthropic"})
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
