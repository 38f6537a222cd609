package io.mlflowgateway.server.provider;

import static io.mlflowgateway.server.provider.ProviderContract.NOW;
import static io.mlflowgateway.server.provider.ProviderContract.SECRET;
import static io.mlflowgateway.server.provider.ProviderContract.json;
import static io.mlflowgateway.server.provider.ProviderContract.query;
import static io.mlflowgateway.server.provider.ProviderContract.text;
import static io.mlflowgateway.server.provider.ProviderContract.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.mlflowgateway.server.config.ConfigReader;
import io.mlflowgateway.server.config.InvalidConfig;
import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Piece;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.query.Usage;
import io.mlflowgateway.server.secret.Secret;
import io.mlflowgateway.server.testing.Await;
import io.mlflowgateway.server.testing.SseFixture;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** The {@code openai} provider where {@code openai_api_type} is one of Azure's. */
class AzureTest {
    private static final String WHOLE =
            "openai_api_base: 'https://a.fake', openai_api_version: v1, openai_deployment_name: d";

    private final OpenAiProvider provider = new OpenAiProvider();

    private static Attempt attempt(String type, String deployment) {
        Map<String, String> texts = Map.of(
                OpenAiProvider.BASE,
                "https://mine.azure.fake",
                OpenAiProvider.TYPE,
                type,
                OpenAiProvider.VERSION,
                "2024-10-21",
                OpenAiProvider.DEPLOYMENT,
                deployment);
        return new Attempt("gpt-fake", new Settings(texts, Map.of(OpenAiProvider.KEY, new Secret(SECRET))), NOW);
    }

    @ParameterizedTest
    @CsvSource({"CHAT,chat/completions", "COMPLETIONS,completions", "EMBEDDINGS,embeddings"})
    void the_deployment_stands_in_the_path_and_the_model_nowhere(Task task, String path) {
        UpstreamRequest request =
                provider.encode(query(task, "{\"model\":\"r\",\"user\":\"u\"}", false), attempt("azure", "my-dep"));

        assertThat(request.url())
                .isEqualTo("https://mine.azure.fake/openai/deployments/my-dep/" + path + "?api-version=2024-10-21");
        assertThat(text(request.body().toBytes())).isEqualTo("{\"user\":\"u\"}");
    }

    @Test
    void a_deployment_is_one_segment_of_the_path_whatever_is_in_it() {
        UpstreamRequest request = provider.encode(query(Task.CHAT, "{}", false), attempt("azure", "a/../b?c #d"));

        assertThat(request.url()).contains("/deployments/a%2F..%2Fb%3Fc%20%23d/chat/");
    }

    @Test
    void azure_is_shown_an_api_key() {
        UpstreamRequest request = provider.encode(query(Task.CHAT, "{}", false), attempt("azure", "d"));

        assertThat(request.headers()).containsOnly(Map.entry("api-key", SECRET));
    }

    @Test
    void azuread_is_shown_a_bearer_token() {
        UpstreamRequest request = provider.encode(query(Task.CHAT, "{}", false), attempt("azuread", "d"));

        assertThat(request.headers()).containsOnly(Map.entry("Authorization", "Bearer " + SECRET));
    }

    @Test
    void a_stream_asks_for_usage_there_too() {
        UpstreamRequest request = provider.encode(query(Task.CHAT, "{}", true), attempt("azure", "d"));

        assertThat(text(request.body().toBytes()))
                .isEqualTo("{\"stream\":true,\"stream_options\":{\"include_usage\":true}}");
    }

    @Test
    void a_stream_has_the_answers_id_and_keeps_what_was_told_of_the_prompt() {
        List<String> sent = SseFixture.data("/provider/openai/azure-chat.sse");

        List<Piece> pieces = Await.all(read(sent));

        List<JsonNode> chunks = pieces.stream().map(piece -> json(piece.json())).toList();
        assertThat(chunks).hasSize(5);
        assertThat(chunks).extracting(chunk -> chunk.path("id").asText()).containsOnly("chatcmpl-az1");
        assertThat(chunks).extracting(chunk -> chunk.path("model").asText()).containsOnly("gpt-fake-2026-04-14");
        assertThat(chunks).extracting(chunk -> chunk.path("created").asLong()).containsOnly(1741569952L);
        assertThat(chunks.get(0).path("prompt_filter_results"))
                .isEqualTo(json(sent.get(0)).path("prompt_filter_results"));
        assertThat(chunks.get(1)
                        .at("/choices/0/content_filter_offsets/check_offset")
                        .asInt())
                .isEqualTo(44);
        assertThat(pieces.get(4).usage()).contains(new Usage(9, 2));
    }

    @Test
    void chunks_of_the_answer_pass_byte_for_byte() {
        List<String> sent = SseFixture.data("/provider/openai/azure-chat.sse");

        List<Piece> pieces = Await.all(read(sent));

        assertThat(text(pieces.get(2).json())).isEqualTo(sent.get(3)).contains("\u2028");
        assertThat(text(pieces.get(3).json())).isEqualTo(sent.get(4));
    }

    @Test
    void a_stream_of_judgements_alone_is_not_complete() {
        List<String> sent = SseFixture.data("/provider/openai/azure-chat.sse");

        StepVerifier.create(read(sent.subList(0, 1)))
                .expectErrorMatches(thrown -> ((Failure) thrown).kind() == Failure.Kind.UPSTREAM_UNREACHABLE)
                .verify(Duration.ofSeconds(5));
    }

    @Test
    void an_error_after_the_judgement_is_a_failure() {
        String judged = SseFixture.data("/provider/openai/azure-chat.sse").get(0);
        String error = "{\"error\":{\"message\":\"too much\",\"code\":\"429\"}}";

        StepVerifier.create(read(List.of(judged, error)))
                .expectErrorMatches(thrown -> ((Failure) thrown).status() == 429)
                .verify(Duration.ofSeconds(5));
    }

    @Test
    void a_prompt_that_was_filtered_stays_a_400_with_its_code() {
        String body = SseFixture.text("/provider/openai/azure-error-400.json");

        Failure failure = provider.failure(
                attempt("azure", "d"),
                new UpstreamResponse.Whole(400, Optional.empty(), "application/json", utf8(body)));

        assertThat(failure.status()).isEqualTo(400);
        assertThat(failure.code()).isEqualTo("content_filter");
        assertThat(failure.retryable()).isFalse();
        assertThat(failure).hasMessageContaining("content management policy");
    }

    @ParameterizedTest
    @ValueSource(strings = {"azure", "azuread", "AZURE"})
    void azure_needs_base_version_and_deployment(String type) {
        assertThatThrownBy(() -> read("openai_api_type: " + type))
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining("config.openai_api_base: is missing; it is needed where openai_api_type is azure")
                .hasMessageContaining("config.openai_api_version: is missing")
                .hasMessageContaining("config.openai_deployment_name: is missing");
        assertThatCode(() -> read("openai_api_type: " + type + ", " + WHOLE)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "openai_organization: o, openai_api_type: azure; openai_organization: cannot be used where"
                        + " openai_api_type is azure",
                "openai_api_type: openai; openai_deployment_name: cannot be used where openai_api_type is openai"
            })
    void what_the_other_type_knows_is_refused(String config, String problem) {
        assertThatThrownBy(() -> read(config + ", " + WHOLE))
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining(problem);
    }

    private void read(String config) throws InvalidConfig {
        String file = "endpoints: [{name: a, endpoint_type: llm/v1/chat, model: {provider: openai, name: m,"
                + " config: {openai_api_key: key-1234, " + config + "}}}]";
        new ConfigReader(List.of(provider.spec()), Map.of())
                .read("gateway.yaml", file.getBytes(StandardCharsets.UTF_8));
    }

    private Flux<Piece> read(List<String> data) {
        Flux<SseEvent> events = Flux.fromIterable(data).map(json -> new SseEvent("", utf8(json)));
        return provider.decodeStream(query(Task.CHAT, "{}", true), attempt("azure", "d"), events);
    }
}
