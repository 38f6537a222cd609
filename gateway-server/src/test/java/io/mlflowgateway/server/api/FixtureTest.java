package io.mlflowgateway.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.query.Failure;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;

/** The wire shapes that stand as files, whole: what is sent, what the provider sees, what is answered. */
class FixtureTest {
    private static final Map<String, String> JSON = Map.of("content-type", "application/json");

    private final TestSurfaces surfaces = new TestSurfaces();

    @ParameterizedTest
    @CsvSource({
        "/gateway/old-chat/invocations, routes/chat",
        "/gateway/old-chat/invocations, routes/langchain-chat",
        "/gateway/old-completions/invocations, routes/completions",
        "/gateway/old-embeddings/invocations, routes/embeddings",
        "/endpoints/chat/invocations, deployments/langchain-chat",
    })
    void a_request_reaches_the_provider_in_openais_form(String path, String shape) {
        TestSurfaces.Said said = post(path, Fixture.bytes(shape + "-request"));

        assertThat(said.status()).isEqualTo(200);
        assertThat(Fixture.tree(surfaces.lastCall().query().body().bytes())).isEqualTo(Fixture.tree(shape + "-query"));
    }

    @ParameterizedTest
    @CsvSource({
        "chat, chat",
        "chat, chat-tool-calls",
        "chat, chat-no-usage",
        "completions, completions",
        "embeddings, embeddings",
        "embeddings, embeddings-base64",
    })
    void a_classic_caller_reads_candidates_and_metadata(String task, String reply) {
        replying(reply);

        TestSurfaces.Said said =
                post("/gateway/old-" + task + "/invocations", Fixture.bytes("routes/" + task + "-request"));

        assertThat(said.text())
                .isEqualTo(Fixture.tree("routes/" + reply + "-answer").toString());
    }

    @ParameterizedTest
    @CsvSource({"chat", "chat-tool-calls", "chat-no-usage"})
    void a_later_caller_reads_the_providers_own_bytes(String reply) {
        replying(reply);

        TestSurfaces.Said said =
                post("/endpoints/chat/invocations", Fixture.bytes("deployments/langchain-chat-request"));

        assertThat(said.text().getBytes(StandardCharsets.UTF_8)).isEqualTo(Fixture.bytes("replies/" + reply));
    }

    @ParameterizedTest
    @CsvSource({
        "/api/2.0/gateway/routes/old-chat, routes/route",
        "/api/2.0/endpoints/chat, deployments/endpoint",
        "/api/3.0/gateway/endpoint/chat, deployments/endpoint",
        "/api/3.0/gateway/route/both, deployments/split",
        "/v1/models/chat, openai/model",
    })
    void a_route_is_described_in_each_generations_form(String path, String fixture) {
        assertThat(surfaces.get(path).json()).isEqualTo(Fixture.tree(fixture));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/endpoints/chat/invocations|{'messages':[{'role':'user'}],'temperature':2.5}|422|deployments/error-temperature",
                "/endpoints/chat/invocations|{'prompt':'Hello'}|422|deployments/error-missing",
                "/endpoints/chat/invocations|{not json}|422|deployments/error-json",
                "/endpoints/chat/invocations|``|422|deployments/error-empty",
                "/v1/chat/completions|{'model':'nobody','messages':[]}|404|openai/error-unknown-model",
                "/v1/chat/completions|{'messages':[]}|400|openai/error-no-model",
                "/v1/chat/completions|{'model':'chat','messages':[],'temperature':'0.5'}|400|openai/error-type",
                "/v1/chat/completions|{'model':'completions','messages':[]}|400|openai/error-wrong-type",
            })
    void a_refusal_is_written_as_its_surface_writes_it(String path, String body, int status, String fixture) {
        TestSurfaces.Said said = surfaces.post(path, body.replace('\'', '"'));

        assertThat(said.status()).isEqualTo(status);
        assertThat(said.json()).isEqualTo(Fixture.tree(fixture));
        assertThat(surfaces.calls).isEmpty();
    }

    @Test
    void the_limiters_refusal_is_each_surfaces_own() {
        Failure limited = Failure.rateLimited(
                surfaces.routes
                        .current()
                        .find("old-chat")
                        .flatMap(route -> route.limit())
                        .orElseThrow(),
                42);
        surfaces.failing(limited);

        TestSurfaces.Said mlflow =
                post("/endpoints/chat/invocations", Fixture.bytes("deployments/langchain-chat-request"));
        TestSurfaces.Said openAi = surfaces.post("/v1/chat/completions", "{\"model\":\"chat\",\"messages\":[]}");

        assertThat(mlflow.json()).isEqualTo(Fixture.tree("deployments/error-limit"));
        assertThat(openAi.json()).isEqualTo(Fixture.tree("openai/error-limit"));
        assertThat(mlflow.header("retry-after")).isEqualTo("42");
        assertThat(openAi.header("retry-after")).isEqualTo("42");
    }

    private TestSurfaces.Said post(String path, byte[] body) {
        return surfaces.ask(TestSurfaces.head("POST", path, JSON), body);
    }

    private void replying(String reply) {
        String json = new String(Fixture.bytes("replies/" + reply), StandardCharsets.UTF_8);
        surfaces.answering(call -> Mono.just(TestSurfaces.whole(json)));
    }
}
