package io.mlflowgateway.server.api.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.config.RouteConfig;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.testing.JsonSchemas;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OpenApiDocumentTest {
    private static final JsonNode DOCUMENT = Tables.document(
            Tables.route("talk", Task.CHAT, false),
            Tables.route("talk.old-1", Task.CHAT, true),
            Tables.route("write", Task.COMPLETIONS, false),
            Tables.route("write_old", Task.COMPLETIONS, true),
            Tables.route("embed", Task.EMBEDDINGS, false),
            Tables.route("embed-old", Task.EMBEDDINGS, true));

    @Test
    void every_route_stands_on_every_surface() {
        assertThat(DOCUMENT.path("paths").properties())
                .extracting(Map.Entry::getKey)
                .contains(
                        "/gateway/talk/invocations",
                        "/endpoints/talk/invocations",
                        "/gateway/talk.old-1/invocations",
                        "/endpoints/talk.old-1/invocations",
                        "/gateway/embed-old/invocations",
                        "/v1/chat/completions",
                        "/v1/completions",
                        "/v1/embeddings",
                        "/v1/models",
                        "/api/2.0/gateway/routes/",
                        "/api/2.0/endpoints/{name}",
                        "/health",
                        "/metrics");
        assertThat(models("/v1/chat/completions")).containsExactly("talk", "talk.old-1");
        assertThat(models("/v1/embeddings")).containsExactly("embed", "embed-old");
    }

    @Test
    void only_the_shared_path_of_a_classic_entry_speaks_classic() {
        assertThat(bodyOf("/gateway/talk.old-1/invocations")).endsWith("/ClassicChat");
        assertThat(bodyOf("/gateway/talk/invocations")).endsWith("/Chat");
        assertThat(bodyOf("/endpoints/talk.old-1/invocations")).endsWith("/Chat");
        assertThat(bodyOf("/gateway/write_old/invocations")).endsWith("/ClassicCompletions");
        assertThat(bodyOf("/gateway/embed-old/invocations")).endsWith("/ClassicEmbeddings");
    }

    @Test
    void nothing_breaks_the_rules_of_openapi() {
        assertThat(OpenApiRules.breaches(DOCUMENT)).isEmpty();
    }

    @Test
    void the_rules_of_openapi_are_really_looked_at() {
        ObjectNode broken = DOCUMENT.deepCopy();
        ObjectNode paths = (ObjectNode) broken.path("paths");
        ((ObjectNode) paths.at("/~1health/get")).put("operationId", "version").remove("responses");
        ((ObjectNode) paths.at("/~1version/get")).putArray("tags").add("nowhere");
        ((ObjectNode) paths.path("/api/2.0/endpoints/{name}").path("get")).remove("parameters");
        ((ObjectNode) broken.at("/components/schemas/Route")).put("$ref", "#/components/schemas/Missing");

        assertThat(OpenApiRules.breaches(broken))
                .anyMatch(breach -> breach.contains("twice: version"))
                .anyMatch(breach -> breach.contains("no responses"))
                .anyMatch(breach -> breach.contains("nowhere"))
                .anyMatch(breach -> breach.contains("{name}"))
                .anyMatch(breach -> breach.contains("schemas/Missing"));
    }

    @Test
    void every_example_fits_its_schema() {
        List<JsonNode> media = OpenApiRules.everyNodeWith(DOCUMENT, "examples").stream()
                .filter(node -> node.has("schema"))
                .toList();

        assertThat(media).hasSizeGreaterThanOrEqualTo(9);
        for (JsonNode node : media) {
            for (JsonNode example : node.path("examples")) {
                assertThat(JsonSchemas.problems(DOCUMENT, node.path("schema"), example.path("value")))
                        .as(example.toString())
                        .isEmpty();
            }
        }
    }

    @Test
    void a_schema_refuses_what_the_api_refuses() throws Exception {
        JsonNode classic = Operations.reference("schemas/ClassicChatRequest");
        JsonNode tooHot =
                Json.tree("{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"temperature\":1.5}".getBytes());

        assertThat(JsonSchemas.problems(DOCUMENT, classic, tooHot)).isNotEmpty();
    }

    @Test
    void a_task_without_routes_has_no_openai_path() {
        JsonNode document = Tables.document(Tables.route("only", Task.CHAT, false));

        assertThat(document.path("paths").has("/v1/chat/completions")).isTrue();
        assertThat(document.path("paths").has("/v1/embeddings")).isFalse();
        assertThat(OpenApiRules.breaches(document)).isEmpty();
    }

    @Test
    void a_gateway_without_routes_still_has_a_valid_document() {
        JsonNode document = Tables.document();

        assertThat(OpenApiRules.breaches(document)).isEmpty();
        assertThat(document.path("paths").has("/health")).isTrue();
    }

    @Test
    void a_route_says_who_answers_and_how_often_but_nothing_secret() {
        JsonNode document = Tables.document(Tables.limited("talk", 10, "1 minute"));

        String description = document.at("/paths/~1gateway~1talk~1invocations/post/description")
                .asText();
        assertThat(description)
                .isEqualTo(
                        "Answered by openai, model `the-model`. Limited to 10 calls per 1 minute, over all surfaces.");
        assertThat(document.toString()).doesNotContain(Tables.SECRET);
    }

    @Test
    void a_split_shows_its_shares() {
        RouteConfig split = Tables.split("mixed", "a", 70, "b", 30);

        JsonNode document = Tables.document(split);

        assertThat(document.at("/paths/~1endpoints~1mixed~1invocations/post/description")
                        .asText())
                .contains("(70 %)")
                .contains("(30 %)");
    }

    @Test
    void several_targets_show_their_weights() {
        RouteConfig several = Tables.several("mixed", "a", 9, "b", 0);

        JsonNode document = Tables.document(several);

        assertThat(document.at("/paths/~1endpoints~1mixed~1invocations/post/description")
                        .asText())
                .isEqualTo("Answered by openai, model `the-model` (weight 9), openai, model `the-model` (weight 0).");
    }

    @Test
    void thousands_of_routes_give_a_document_of_bounded_examples() {
        RouteConfig[] many = IntStream.range(0, 5000)
                .mapToObj(i -> Tables.route("r" + i, Task.CHAT, false))
                .toArray(RouteConfig[]::new);

        JsonNode document = Tables.document(many);

        JsonNode media = document.at("/paths/~1v1~1chat~1completions/post/requestBody/content/application~1json");
        assertThat(media.at("/schema/properties/model/enum")).hasSize(5000);
        assertThat(media.path("examples")).hasSize(21);
    }

    private static String bodyOf(String path) {
        return DOCUMENT.path("paths").path(path).at("/post/requestBody/$ref").asText();
    }

    private static List<String> models(String path) {
        JsonNode values = DOCUMENT.path("paths")
                .path(path)
                .at("/post/requestBody/content/application~1json/schema/properties/model/enum");
        return values.valueStream().map(JsonNode::asText).toList();
    }
}
