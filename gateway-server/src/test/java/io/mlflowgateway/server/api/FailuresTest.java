package io.mlflowgateway.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.query.Failure;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Failures in every surface's words. */
class FailuresTest {
    private static final String CHAT = "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";
    private static final String OPENAI_CHAT = "{\"model\":\"chat\",\"messages\":[]}";

    private final TestSurfaces surfaces = new TestSurfaces();

    @Test
    void a_providers_own_429_is_a_detail_not_the_limiters_error() {
        surfaces.failing(Failure.upstream(429, "slow down"));

        assertThat(surfaces.post("/endpoints/chat/invocations", CHAT).text()).isEqualTo("{\"detail\":\"slow down\"}");
    }

    @Test
    void a_providers_error_document_stands_in_for_its_message() {
        surfaces.failing(Failure.upstream(400, "refused").detailJson("{\"message\":\"<b>plain</b>\"}"));

        TestSurfaces.Said said = surfaces.post("/gateway/old-chat/invocations", CHAT);

        assertThat(said.status()).isEqualTo(400);
        assertThat(said.json().at("/detail/message").textValue()).isEqualTo("<b>plain</b>");
        assertThat(said.text()).doesNotContain("<b>");
    }

    @ParameterizedTest
    @CsvSource({
        "400, invalid_request_error",
        "401, authentication_error",
        "403, permission_error",
        "404, invalid_request_error",
        "422, invalid_request_error",
        "429, rate_limit_error",
        "500, server_error",
        "503, server_error",
        "529, server_error",
    })
    void an_upstreams_status_reaches_every_caller(int status, String type) {
        surfaces.failing(Failure.upstream(status, "no"));

        TestSurfaces.Said openAi = surfaces.post("/v1/chat/completions", OPENAI_CHAT);
        TestSurfaces.Said mlflow = surfaces.post("/endpoints/chat/invocations", CHAT);

        assertThat(openAi.status()).isEqualTo(status);
        assertThat(openAi.json().at("/error/type").textValue()).isEqualTo(type);
        assertThat(openAi.json().at("/error/message").textValue()).isEqualTo("no");
        assertThat(openAi.json().path("error").has("param")).isTrue();
        assertThat(mlflow.status()).isEqualTo(status);
        assertThat(mlflow.text()).isEqualTo("{\"detail\":\"no\"}");
        assertThat(mlflow.header("x-gateway-error-source")).isEqualTo("upstream");
    }

    @ParameterizedTest
    @EnumSource(Failure.Kind.class)
    void every_kind_has_its_source_and_document_everywhere(Failure.Kind kind) {
        for (String path : new String[] {"/health", "/gateway/chat/invocations", "/v1/completions", "/nowhere"}) {
            boolean openAi = path.startsWith("/v1/");

            TestSurfaces.Said said = new TestSurfaces.Said(
                    surfaces.surfaces.failure(TestSurfaces.head("GET", path, Map.of()), Failure.of(kind, "because")));

            assertThat(said.status()).isEqualTo(openAi && kind.status() == 422 ? 400 : kind.status());
            assertThat(said.header("content-type")).isEqualTo("application/json");
            assertThat(said.header("x-gateway-error-source"))
                    .isEqualTo(kind.source().wireName());
            assertThat(said.text()).contains("because");
            assertThat(said.json().has("error")).isEqualTo(openAi || kind == Failure.Kind.RATE_LIMITED);
        }
    }
}
