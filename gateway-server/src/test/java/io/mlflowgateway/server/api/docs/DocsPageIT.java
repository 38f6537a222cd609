package io.mlflowgateway.server.api.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.testing.JsonSchemas;
import io.mlflowgateway.server.testing.TestGateway;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The page as a browser meets it, and the document held against the very server it describes. */
class DocsPageIT {
    private final TestGateway gateway = TestGateway.with("""
            routes:
              - {name: old-chat, route_type: llm/v1/chat, model: {provider: echo, name: one}}
              - {name: old-completions, route_type: llm/v1/completions, model: {provider: echo}}
              - {name: old-embeddings, route_type: llm/v1/embeddings, model: {provider: echo}}
              - name: mixed
                task_type: llm/v1/chat
                destinations: [{name: chat, traffic_percentage: 60}, {name: old-chat, traffic_percentage: 40}]
            endpoints:
              - name: chat
                endpoint_type: llm/v1/chat
                model: {provider: echo, name: two}
                limit: {calls: 1000, renewal_period: minute}
              - {name: completions, endpoint_type: llm/v1/completions, model: {provider: echo}}
              - {name: embeddings, endpoint_type: llm/v1/embeddings, model: {provider: echo}}
            """);

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void the_page_and_all_it_loads_are_served() {
        HttpResponse<String> page = gateway.get("/docs");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("content-security-policy")).isPresent();
        assertThat(gateway.get("/").body()).isEqualTo(page.body());
        assertThat(gateway.get("/docs/").body()).isEqualTo(page.body());
        assertThat(gateway.get("/docs/swagger-ui-bundle.js").body()).hasSizeGreaterThan(1_000_000);
        assertThat(gateway.get("/docs/swagger-ui.css").statusCode()).isEqualTo(200);
        assertThat(gateway.get("/docs/docs.js").statusCode()).isEqualTo(200);
        assertThat(gateway.get("/docs/index.html").statusCode()).isEqualTo(404);
        assertThat(gateway.get("/docs/../META-INF/MANIFEST.MF").statusCode()).isIn(400, 404);
    }

    @Test
    void every_example_works_when_it_is_tried_and_its_answer_fits_the_schema() throws Exception {
        JsonNode document = document();
        int tried = 0;

        for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
            JsonNode operation = path.getValue().path("post");
            JsonNode body = resolved(document, operation.path("requestBody"));
            for (JsonNode example : body.at("/content/application~1json/examples")) {
                HttpResponse<String> answer = gateway.post(path.getKey(), Json.text(example.path("value")));
                assertThat(answer.statusCode())
                        .as(path.getKey() + answer.body())
                        .isEqualTo(200);
                assertAnswered(document, operation, answer);
                tried++;
            }
        }

        assertThat(tried).isGreaterThanOrEqualTo(2 * 2 * 7 + 3);
    }

    @Test
    void every_listing_answers_as_the_document_says() throws Exception {
        JsonNode document = document();
        int asked = 0;

        for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
            if (path.getValue().has("get")) {
                JsonNode operation = path.getValue().path("get");
                String name = path.getKey().contains("3.0/gateway/route/") ? "mixed" : "chat";
                HttpResponse<String> answer = gateway.get(path.getKey().replace("{name}", name));
                assertAnswered(document, operation, answer);
                asked++;
            }
        }

        assertThat(asked).isEqualTo(17);
    }

    @Test
    void refusals_fit_their_schemas() throws Exception {
        JsonNode document = document();

        assertAnswered(
                document,
                document.at("/paths/~1endpoints~1chat~1invocations/post"),
                gateway.post("/endpoints/chat/invocations", "{\"messages\":[],\"temperature\":9}"));
        assertAnswered(
                document,
                document.at("/paths/~1v1~1chat~1completions/post"),
                gateway.post("/v1/chat/completions", "{\"model\":\"nobody\",\"messages\":[]}"));
        assertAnswered(
                document,
                document.at("/paths/~1v1~1chat~1completions/post"),
                gateway.post("/v1/chat/completions", "{\"messages\":7}"));
    }

    @Test
    void a_reload_shows_in_the_document() throws Exception {
        gateway.reload("endpoints: [{name: brand-new, endpoint_type: llm/v1/chat, model: {provider: echo}}]");

        JsonNode paths = document().path("paths");

        assertThat(paths.has("/gateway/brand-new/invocations")).isTrue();
        assertThat(paths.has("/gateway/old-chat/invocations")).isFalse();
    }

    private JsonNode document() throws Exception {
        return Json.tree(gateway.get("/openapi.json").body().getBytes(StandardCharsets.UTF_8));
    }

    /** The status is one the document names, and the body fits what it says of it. */
    private static void assertAnswered(JsonNode document, JsonNode operation, HttpResponse<String> answer)
            throws Exception {
        String where = operation.path("operationId").asText() + " " + answer.statusCode();
        JsonNode response = operation.path("responses").path(Integer.toString(answer.statusCode()));
        assertThat(response.isMissingNode()).as(where + answer.body()).isFalse();
        String type = answer.headers().firstValue("content-type").orElse("").replaceFirst(";.*", "");
        JsonNode schema =
                resolved(document, response).path("content").path(type).path("schema");
        assertThat(schema.isMissingNode()).as(where + " " + type).isFalse();
        JsonNode value = type.equals("application/json")
                ? Json.tree(answer.body().getBytes(StandardCharsets.UTF_8))
                : JsonNodeFactory.instance.textNode(answer.body());
        assertThat(JsonSchemas.problems(document, schema, value))
                .as(where + answer.body())
                .isEmpty();
    }

    private static JsonNode resolved(JsonNode document, JsonNode node) {
        return node.has("$ref") ? document.at(node.path("$ref").asText().substring(1)) : node;
    }
}
