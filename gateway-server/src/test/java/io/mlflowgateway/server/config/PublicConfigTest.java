package io.mlflowgateway.server.config;

import static io.mlflowgateway.server.config.SampleConfigs.CANARY;
import static io.mlflowgateway.server.config.SampleConfigs.good;
import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.query.Task;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PublicConfigTest {
    private static final String ROUTES = """
            endpoints:
              - name: chat
                endpoint_type: llm/v1/chat
                model:
                  provider: openai
                  name: gpt-4o-mini
                  config: {openai_api_key: %1$s, openai_api_base: 'https://%1$s.internal/v1', openai_organization: %1$s}
                limit: {calls: 10, renewal_period: minute}
              - {name: other, endpoint_type: llm/v1/chat, model: {provider: echo}}
            routes:
              - {name: old, route_type: llm/v1/completions, model: {provider: echo, name: m}}
              - name: mixed
                task_type: llm/v1/chat
                destinations: [{name: chat, traffic_percentage: 70}, {name: other, traffic_percentage: 30}]
            """.formatted(CANARY);

    @Test
    void a_route_shows_its_form_its_model_and_its_limit() {
        assertThat(shown())
                .containsExactly(
                        "{\"name\":\"chat\",\"type\":\"llm/v1/chat\",\"form\":\"endpoint\","
                                + "\"model\":{\"provider\":\"openai\",\"name\":\"gpt-4o-mini\"},"
                                + "\"limit\":{\"calls\":10,\"renewal_period\":\"1 minute\"}}",
                        "{\"name\":\"other\",\"type\":\"llm/v1/chat\",\"form\":\"endpoint\","
                                + "\"model\":{\"provider\":\"echo\"}}",
                        "{\"name\":\"old\",\"type\":\"llm/v1/completions\",\"form\":\"route\","
                                + "\"model\":{\"provider\":\"echo\",\"name\":\"m\"}}",
                        "{\"name\":\"mixed\",\"type\":\"llm/v1/chat\",\"form\":\"split\","
                                + "\"destinations\":{\"chat\":70,\"other\":30}}");
    }

    @Test
    void several_targets_and_what_is_done_when_one_fails_are_shown_in_one_spelling() {
        RouteConfig route = good("""
                endpoints:
                  - name: chat
                    endpoint_type: llm/v1/chat
                    targets:
                      - {name: a, weight: 9, model: {provider: echo, name: m}, price: {input: 1.50, output: 2}}
                      - {weight: 0, model: {provider: openai, name: n, config: {openai_api_key: %s}}}
                    routing:
                      sticky-by: header X-Id
                      fallback: true
                      retries: {backoff: 1000ms}
                      breaker: {within: 60s}
                      hedge: {}
                """.formatted(CANARY)).routes().get(0);

        assertThat(PublicConfig.route(route).toString())
                .isEqualTo("{\"name\":\"chat\",\"type\":\"llm/v1/chat\",\"form\":\"endpoint\",\"targets\":["
                        + "{\"name\":\"a\",\"weight\":9,\"model\":{\"provider\":\"echo\",\"name\":\"m\"},"
                        + "\"price\":{\"input\":1.5,\"output\":2}},"
                        + "{\"name\":\"openai/n\",\"weight\":0,\"model\":{\"provider\":\"openai\",\"name\":\"n\"}}],"
                        + "\"routing\":{\"balance\":\"weighted\",\"sticky-by\":\"header x-id\",\"fallback\":true,"
                        + "\"retries\":{\"attempts\":2,\"backoff\":\"1s\",\"max-backoff\":\"5s\",\"budget\":20},"
                        + "\"breaker\":{\"failures\":5,\"within\":\"1m\",\"cooldown\":\"30s\"},"
                        + "\"hedge\":{\"budget\":5,\"after\":\"p95\",\"at-least\":\"50ms\"}}}");
    }

    @Test
    void what_is_done_with_unsupported_parameters_is_shown_where_it_is_not_the_usual() {
        String entry =
                "endpoints: [{name: a, endpoint_type: llm/v1/chat, model: {provider: echo}, on_unsupported: %s}]";

        assertThat(PublicConfig.route(good(entry.formatted("reject")).routes().get(0))
                        .toString())
                .endsWith(",\"on_unsupported\":\"reject\"}");
        assertThat(PublicConfig.route(good(entry.formatted("drop")).routes().get(0))
                        .has("on_unsupported"))
                .isFalse();
    }

    @Test
    void nothing_of_a_providers_settings_is_shown() {
        assertThat(String.join("\n", shown())).doesNotContain(CANARY).doesNotContain("internal");
    }

    @Test
    void settings_of_its_own_are_shown_in_one_spelling() {
        RouteConfig route = new RouteConfig(
                "chat",
                Task.CHAT,
                false,
                List.of(new RouteConfig.Target("chat", "echo", "", Settings.NONE, 100)),
                false,
                Optional.empty(),
                Map.of(
                        ServerSetting.FIRST_BYTE_TIMEOUT, "5000ms",
                        ServerSetting.TOTAL_TIMEOUT, "1.5m",
                        ServerSetting.CONNECT_TIMEOUT, "1500ms",
                        ServerSetting.RESPONSE_BODY_LIMIT, "1024",
                        ServerSetting.UPSTREAM_CONNECTIONS_LIMIT, "010"));

        assertThat(PublicConfig.route(route).path("own").toString())
                .isEqualTo("{\"timeouts.connect\":\"1500ms\",\"timeouts.first-byte\":\"5s\",\"timeouts.total\":\"90s\","
                        + "\"limits.response-body\":\"1KiB\",\"limits.upstream-connections\":\"10\"}");
    }

    @Test
    void the_server_block_is_shown_without_names() {
        var server = good("endpoints: []\nserver: {host: gw.internal, port: 8080, allowed-hosts: [a.internal],"
                        + " drain-delay: 0s, allow-unauthenticated: TRUE, log: {format: JSON}}")
                .server();

        assertThat(PublicConfig.server(server).toString())
                .isEqualTo("{\"host\":\"(not shown)\",\"port\":\"8080\",\"allowed-hosts\":\"(not shown)\","
                        + "\"allow-unauthenticated\":\"true\",\"drain-delay\":\"0ms\",\"log.format\":\"json\"}");
    }

    private static List<String> shown() {
        return good(ROUTES).routes().stream()
                .map(route -> Json.text(PublicConfig.route(route)))
                .toList();
    }
}
