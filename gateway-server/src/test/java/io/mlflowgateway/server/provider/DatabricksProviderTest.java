package io.mlflowgateway.server.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.mlflowgateway.server.config.ConfigReader;
import io.mlflowgateway.server.config.InvalidConfig;
import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.test.StepVerifier;

class DatabricksProviderTest extends OpenAiLikeContract {
    private final DatabricksProvider provider = new DatabricksProvider();

    @Override
    WireProvider provider() {
        return provider;
    }

    @Override
    Settings settings() {
        return new Settings(
                Map.of(DatabricksProvider.HOST, "https://dbc.fake"),
                Map.of(DatabricksProvider.TOKEN, new Secret(SECRET)));
    }

    @ParameterizedTest
    @EnumSource(Task.class)
    void the_endpoint_stands_in_the_path_and_the_model_nowhere(Task task) {
        UpstreamRequest request = provider.encode(
                query(task, "{\"model\":\"r\",\"a\":1.50}", false), new Attempt("a/b c", settings(), NOW));

        assertThat(request.url()).isEqualTo("https://dbc.fake/serving-endpoints/a%2Fb%20c/invocations");
        assertThat(request.headers()).containsOnly(Map.entry("Authorization", "Bearer " + SECRET));
        assertThat(text(request.body().toBytes())).isEqualTo("{\"a\":1.50}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "databricks; host: https://w.fake/, token: t-1234",
                "databricks-model-serving; host: https://w.fake, token: t-1234",
                "databricks_model_serving; databricks_workspace_url: https://w.fake, databricks_api_token: t-1234"
            })
    void both_generations_of_names_are_read(String name, String config) throws InvalidConfig {
        Settings settings = read(name, config);

        UpstreamRequest request = provider.encode(query(Task.CHAT, "{}", false), new Attempt("m", settings, NOW));

        assertThat(request.url()).isEqualTo("https://w.fake/serving-endpoints/m/invocations");
        assertThat(request.headers()).containsEntry("Authorization", "Bearer t-1234");
    }

    @Test
    void a_setting_by_two_names_or_by_none_is_a_problem_of_the_file() {
        assertThatThrownBy(() -> read("databricks", "host: https://w.fake, databricks_workspace_url: https://v.fake"))
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining(
                        "config.databricks_workspace_url: says the same as endpoints[0].model.config.host")
                .hasMessageContaining("config.token: is missing");
    }

    @Test
    void reasoning_parts_stand_beside_the_text() {
        JsonNode message = json(decode(Task.CHAT, fixture("chat-response.json"))
                        .body()
                        .bytes())
                .at("/choices/0/message");

        assertThat(message)
                .isEqualTo(json("{\"role\":\"assistant\",\"content\":\"Hi\",\"reasoning_content\":\"They greet.\"}"));
    }

    @Test
    void reasoning_parts_stand_beside_the_text_in_deltas_too() {
        JsonNode delta = chunks(chatStream()).get(0).at("/choices/0/delta");

        assertThat(delta)
                .isEqualTo(json("{\"role\":\"assistant\",\"content\":null,\"reasoning_content\":\"They greet.\"}"));
    }

    @Test
    void its_errors_keep_status_message_and_document() {
        Failure failure = refusal(429, "application/json", fixture("error-429.json"));

        assertThat(failure.status()).isEqualTo(429);
        assertThat(failure).hasMessage("REQUEST_LIMIT_EXCEEDED: Exceeded workspace rate limit for claude-fake.");
        assertThat(failure.detailJson().map(ProviderContract::json)).contains(json(fixture("error-429.json")));
    }

    @ParameterizedTest
    @CsvSource({"REQUEST_LIMIT_EXCEEDED,429", "TEMPORARILY_UNAVAILABLE,503", "SOMETHING_NEW,502"})
    void its_errors_end_a_stream(String code, int status) {
        String error = "{\"error_code\":\"" + code + "\",\"message\":\"no more\"}";

        StepVerifier.create(stream(Task.CHAT, List.of(WORD, error)))
                .expectNextCount(1)
                .expectErrorSatisfies(thrown -> {
                    assertThat(((Failure) thrown).status()).isEqualTo(status);
                    assertThat(thrown).hasMessage("no more");
                })
                .verify(Duration.ofSeconds(5));
    }

    private Settings read(String name, String config) throws InvalidConfig {
        String file = "endpoints: [{name: a, endpoint_type: llm/v1/chat, model: {provider: " + name
                + ", name: m, config: {" + config + "}}}]";
        return new ConfigReader(List.of(provider.spec()), Map.of())
                .read("gateway.yaml", file.getBytes(StandardCharsets.UTF_8))
                .routes()
                .get(0)
                .targets()
                .get(0)
                .settings();
    }
}
