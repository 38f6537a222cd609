package io.mlflowgateway.server.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.secret.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.test.StepVerifier;

class TextGenerationInferenceProviderTest extends OpenAiLikeContract {
    private final TextGenerationInferenceProvider provider = new TextGenerationInferenceProvider();

    @Override
    WireProvider provider() {
        return provider;
    }

    @Override
    Settings settings() {
        return new Settings(
                Map.of(
                        TextGenerationInferenceProvider.URL,
                        "http://tgi.fake",
                        TextGenerationInferenceProvider.COMPLETIONS,
                        "openai"),
                Map.of(TextGenerationInferenceProvider.KEY, new Secret(SECRET)));
    }

    @ParameterizedTest
    @CsvSource({"CHAT,/v1/chat/completions", "COMPLETIONS,/v1/completions", "EMBEDDINGS,/v1/embeddings"})
    void each_task_has_its_path_below_the_servers_root(Task task, String path) {
        UpstreamRequest request = provider.encode(query(task, "{}", false), attempt());

        assertThat(request.url()).isEqualTo("http://tgi.fake" + path);
        assertThat(request.headers()).containsOnly(Map.entry("Authorization", "Bearer " + SECRET));
    }

    @Test
    void without_a_key_and_a_model_none_is_sent() {
        Settings settings = new Settings(Map.of(TextGenerationInferenceProvider.URL, "http://tgi.fake"), Map.of());

        UpstreamRequest request =
                provider.encode(query(Task.CHAT, "{\"model\":\"r\"}", false), new Attempt("", settings, NOW));

        assertThat(request.headers()).isEmpty();
        assertThat(text(request.body().toBytes())).isEqualTo("{}");
    }

    @Test
    void arguments_are_text_and_eos_token_is_stop() {
        JsonNode choice = json(decode(Task.CHAT, fixture("chat-response.json"))
                        .body()
                        .bytes())
                .at("/choices/0");

        assertThat(choice.at("/message/tool_calls/0/function/arguments").asText())
                .isEqualTo("{\"a\":1}");
        assertThat(choice.path("finish_reason").asText()).isEqualTo("stop");
    }

    @ParameterizedTest
    @CsvSource({"overloaded,429", "validation,422", "generation,424", "incomplete_generation,500", "new,502"})
    void its_errors_end_a_stream_with_the_status_they_stand_for(String type, int status) {
        String error = "{\"error\":\"no more\",\"error_type\":\"" + type + "\"}";

        StepVerifier.create(stream(Task.CHAT, List.of(WORD, error)))
                .expectNextCount(1)
                .expectErrorSatisfies(thrown -> {
                    assertThat(((Failure) thrown).status()).isEqualTo(status);
                    assertThat(thrown).hasMessage("no more");
                })
                .verify(Duration.ofSeconds(5));
    }

    @Test
    void its_error_is_the_message() {
        assertThat(refusal(429, "application/json", fixture("error-429.json"))).hasMessage("Model is overloaded");
    }
}
