package io.mlflowgateway.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is served where: MLflow's HTTP surface of every generation, and OpenAI's. */
class PathsTest {
    private final TestSurfaces surfaces = new TestSurfaces();

    @ParameterizedTest
    @CsvSource({
        "GET, /health, 200",
        "GET, /health/, 200",
        "HEAD, /health, 405",
        "POST, /health, 405",
        "GET, /version, 200",
        "GET, /nothing, 404",
        "GET, /health/x, 404",
        "GET, /api/2.0/gateway/routes/, 200",
        "GET, /api/2.0/gateway/routes, 200",
        "POST, /api/2.0/gateway/routes/, 405",
        "GET, /api/2.0/gateway/routes/chat, 200",
        "GET, /api/2.0/gateway/routes/chat/, 200",
        "DELETE, /api/2.0/gateway/routes/chat, 405",
        "GET, /api/2.0/gateway/routes/zzz, 404",
        "GET, /api/2.0/gateway/routes/both, 404",
        "GET, /api/2.0/gateway/limits/chat, 501",
        "GET, /api/2.0/endpoints/, 200",
        "GET, /api/2.0/endpoints, 200",
        "GET, /api/2.0/endpoints/chat, 200",
        "GET, /api/2.0/endpoints/zzz, 404",
        "GET, /api/2.0/endpoints/both, 404",
        "PUT, /api/2.0/endpoints/chat, 405",
        "GET, /api/2.0/endpoints/limits/chat, 501",
        "GET, /api/3.0/gateway/endpoint/chat, 200",
        "GET, /api/3.0/gateway/route/both, 200",
        "GET, /api/3.0/gateway/route/chat, 404",
        "GET, /gateway/chat/invocations, 405",
        "OPTIONS, /gateway/chat/invocations, 405",
        "POST, /gateway/zzz/invocations, 404",
        "POST, /endpoints/zzz/invocations, 404",
        "POST, /gateway/chat/other, 404",
        "POST, /gateway/chat/invocations/x, 404",
        "POST, /gateway//invocations, 404",
        "POST, /gateway/../invocations, 404",
        "POST, /Gateway/chat/invocations, 404",
        "POST, /gateway/CHAT/invocations, 404",
        "GET, /v1/models, 200",
        "GET, /v1/models/, 200",
        "GET, /v1/models/chat, 200",
        "GET, /v1/models/zzz, 404",
        "GET, /v1/chat/completions, 405",
        "GET, /v1/nothing, 404"
    })
    void every_path_has_its_status(String method, String path, int status) {
        assertThat(surfaces.ask(method, path, "", Map.of()).status()).isEqualTo(status);
    }

    @Test
    void a_wrong_method_is_told_the_right_one() {
        TestSurfaces.Said said = surfaces.get("/endpoints/chat/invocations");

        assertThat(said.header("allow")).isEqualTo("POST");
        assertThat(said.json().path("detail").asText()).isEqualTo("Method Not Allowed");
    }

    @Test
    void health_and_version_say_what_they_are_asked() {
        assertThat(surfaces.get("/health").text()).isEqualTo("{\"status\":\"OK\"}");
        assertThat(surfaces.get("/version").json().path("version").asText()).isEqualTo("9.9");
    }

    @Test
    void a_route_is_described_as_clients_up_to_2_9_read_it() {
        assertThat(surfaces.get("/api/2.0/gateway/routes/old-chat").text())
                .isEqualTo("{\"name\":\"old-chat\",\"route_type\":\"llm/v1/chat\",\"model\":{\"name\":\"the-model\","
                        + "\"provider\":\"openai\"},\"route_url\":\"/gateway/old-chat/invocations\","
                        + "\"limit\":{\"calls\":3,\"key\":null,\"renewal_period\":\"minute\"}}");
    }

    @Test
    void an_endpoint_is_described_as_later_clients_read_it_with_the_key_limit_always_there() {
        assertThat(surfaces.get("/api/2.0/endpoints/chat").text())
                .isEqualTo("{\"name\":\"chat\",\"endpoint_type\":\"llm/v1/chat\",\"model\":{\"name\":\"the-model\","
                        + "\"provider\":\"openai\"},\"endpoint_url\":\"/gateway/chat/invocations\",\"limit\":null}");
    }

    @Test
    void a_split_is_described_by_its_destinations_and_not_listed() {
        JsonNode split = surfaces.get("/api/3.0/gateway/route/both").json();

        assertThat(split.path("task_type").asText()).isEqualTo("llm/v1/chat");
        assertThat(split.path("destinations")).hasSize(2);
        assertThat(split.path("destinations").path(0).path("traffic_percentage").asInt())
                .isEqualTo(50);
        assertThat(split.path("routing_strategy").asText()).isEqualTo("TRAFFIC_SPLIT");
        assertThat(surfaces.get("/api/2.0/endpoints/").json().path("endpoints")).hasSize(6);
    }

    @Test
    void lists_are_in_the_configurations_order_and_end_with_a_null_token() {
        JsonNode routes = surfaces.get("/api/2.0/gateway/routes/").json();

        assertThat(routes.path("routes").findValuesAsText("name").subList(0, 2)).containsExactly("chat", "the-model");
        assertThat(routes.path("next_page_token").isNull()).isTrue();
    }

    @Test
    void a_page_token_goes_on_from_its_index() {
        String token =
                Base64.getEncoder().encodeToString("{\"index\": 4}".getBytes(java.nio.charset.StandardCharsets.UTF_8));

        JsonNode page = surfaces.get("/api/2.0/gateway/routes/?max_results=1&page_token=" + token.replace("=", "%3D"))
                .json();

        assertThat(page.path("routes")).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"garbage", "%00", "eyJpbmRleCI6IC0xfQ==", "e30=", "eyJpbmRleCI6ICIxIn0="})
    void a_page_token_that_is_none_is_400(String token) {
        assertThat(surfaces.get("/api/2.0/endpoints/?page_token=" + token).status())
                .isEqualTo(400);
    }

    @Test
    void the_limits_api_checks_its_body_and_says_it_is_not_offered() {
        String path = "/api/2.0/gateway/limits/";

        assertThat(surfaces.post(path, "{\"route\":\"chat\",\"limits\":[]}").status())
                .isEqualTo(501);
        assertThat(surfaces.post(path, "{}").json().path("detail")).hasSize(2);
        assertThat(surfaces.post(path, "{}").status()).isEqualTo(422);
    }

    @Test
    void models_are_the_routes() {
        JsonNode list = surfaces.get("/v1/models").json();

        assertThat(list.path("object").asText()).isEqualTo("list");
        assertThat(list.path("data")).hasSize(7);
        assertThat(list.path("data").path(0).toString())
                .isEqualTo("{\"id\":\"chat\",\"object\":\"model\",\"created\":1234,\"owned_by\":\"openai\"}");
        assertThat(surfaces.get("/v1/models/zzz")
                        .json()
                        .path("error")
                        .path("code")
                        .asText())
                .isEqualTo("model_not_found");
    }
}
