package io.mlflowgateway.server.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.config.ConfigReader;
import io.mlflowgateway.server.config.InvalidConfig;
import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.query.Usage;
import io.mlflowgateway.server.secret.Credential;
import io.mlflowgateway.server.secret.Secret;
import io.mlflowgateway.server.testing.Await;
import io.mlflowgateway.server.testing.SseFixture;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;

/** The {@code gemini} provider where {@code gemini_api_type} is {@code vertex}. */
class VertexTest extends ProviderContract {
    private final GeminiProvider provider = new GeminiProvider();

    @Override
    WireProvider provider() {
        return provider;
    }

    @Override
    String folder() {
        return "vertex";
    }

    @Override
    Settings settings() {
        return settings(Map.of());
    }

    private static Settings settings(Map<String, String> more) {
        Map<String, String> texts = new HashMap<>(Map.of(
                GeminiProvider.TYPE,
                GeminiAddress.VERTEX,
                GeminiProvider.BASE,
                "https://not.this.fake",
                GeminiProvider.PROJECT,
                "my-project"));
        texts.putAll(more);
        return new Settings(texts, Map.of(GeminiProvider.KEY, new Secret(SECRET)));
    }

    @Override
    String model() {
        return "gemini-2.5-flash";
    }

    private String url(Task task, boolean streams, Settings settings) {
        String body =
                task == Task.CHAT ? "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}" : "{\"input\":\"x\"}";
        return provider.encode(query(task, body, streams), new Attempt(model(), settings, NOW))
                .url();
    }

    @ParameterizedTest
    @CsvSource({
        "global,aiplatform.googleapis.com",
        "europe-west4,europe-west4-aiplatform.googleapis.com",
        "eu,aiplatform.eu.rep.googleapis.com",
        "us,aiplatform.us.rep.googleapis.com"
    })
    void a_location_has_its_host(String location, String host) {
        assertThat(url(Task.CHAT, false, settings(Map.of(GeminiProvider.LOCATION, location))))
                .isEqualTo("https://" + host + "/v1/projects/my-project/locations/" + location
                        + "/publishers/google/models/gemini-2.5-flash:generateContent");
    }

    @ParameterizedTest
    @CsvSource({"CHAT,false,:generateContent", "CHAT,true,:streamGenerateContent?alt=sse", "EMBEDDINGS,false,:predict"})
    void each_task_has_its_method(Task task, boolean streams, String method) {
        Settings own = settings(Map.of(GeminiProvider.VERTEX_BASE, "https://proxy.fake/v1beta1"));

        assertThat(url(task, streams, own))
                .isEqualTo("https://proxy.fake/v1beta1/projects/my-project/locations/global/publishers/google/models/"
                        + "gemini-2.5-flash" + method);
    }

    @Test
    void what_stands_in_the_configuration_goes_as_a_bearer_token() {
        UpstreamRequest request = provider.encode(anyQuery(), attempt());

        assertThat(request.headers()).containsOnly(Map.entry("Authorization", "Bearer " + SECRET));
    }

    @Test
    void a_fetched_token_goes_as_a_bearer_token_to_the_gemini_api_too() {
        Settings gemini = new Settings(Map.of(GeminiProvider.BASE, "https://api.fake/v1beta"), Map.of());
        Attempt attempt = new Attempt(model(), gemini, new Credential.Token(new Secret("fetched")), NOW);

        UpstreamRequest request = provider.encode(anyQuery(), attempt);

        assertThat(request.headers()).containsOnly(Map.entry("Authorization", "Bearer fetched"));
    }

    @Test
    void tokens_of_embeddings_are_added_up() {
        assertThat(decode(Task.EMBEDDINGS, fixture("embeddings-response.json")).usage())
                .isEqualTo(new Usage(5, 0));
    }

    @Test
    void a_stream_is_that_of_the_gemini_api() {
        Flux<SseEvent> events = Flux.fromIterable(SseFixture.data("/provider/vertex/chat.sse"))
                .map(data -> new SseEvent("", utf8(data)));

        var pieces = Await.all(
                provider.decodeStream(query(Task.CHAT, fixture(Task.CHAT, "request.json"), true), attempt(), events));

        assertThat(Assembled.of(pieces).path("choices"))
                .isEqualTo(json(decode(Task.CHAT, fixture("chat-response.json"))
                                .body()
                                .bytes())
                        .path("choices"));
    }

    @Test
    void an_error_that_comes_with_a_good_status_is_one() {
        Failure failure = failureOf(() -> decode(Task.EMBEDDINGS, fixture("error-429.json")));

        assertThat(failure.status()).isEqualTo(429);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "gemini_api_type: vertex, gemini_api_key: k|vertex_project: is missing; it is needed",
                "gemini_api_type: vertex, gemini_api_key: k, vertex_project: p, gemini_api_base: 'http://h'|"
                        + "gemini_api_base: cannot be used where gemini_api_type is vertex",
                "gemini_api_key: k, vertex_project: p|vertex_project: cannot be used where gemini_api_type is gemini",
                "gemini_api_type: vertex, vertex_project: p|gemini_api_key: is missing",
                "gemini_api_type: vertex, vertex_project: p, vertex_credentials: /no/such/file|"
                        + "vertex_credentials: there is no such file",
                "gemini_api_type: vertex, vertex_project: p, vertex_credentials: '{}', gemini_api_key: k|"
                        + "gemini_api_key: stands beside a key file; give one of them"
            })
    void what_does_not_go_together_is_told(String config, String problem) {
        assertThat(problems(config)).contains(problem);
    }

    private String problems(String config) {
        ConfigReader reader = new ConfigReader(List.of(provider.spec()), Map.of());
        String yaml =
                "endpoints:\n  - {name: a, endpoint_type: llm/v1/chat, model: {provider: gemini, name: m, config: {"
                        + config + "}}}\n";
        try {
            return reader.read("gateway.yaml", yaml.getBytes(StandardCharsets.UTF_8))
                            .routes() + " is taken";
        } catch (InvalidConfig e) {
            return String.valueOf(e.getMessage());
        }
    }
}
