package io.mlflowgateway.server.config;

import static io.mlflowgateway.server.config.SampleConfigs.echo;
import static io.mlflowgateway.server.config.SampleConfigs.good;
import static io.mlflowgateway.server.config.SampleConfigs.openai;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigReaderTest {

    @Test
    void a_file_of_the_first_generation_loads_unchanged() {
        var config = good("""
                routes:
                  - name: completions
                    route_type: llm/v1/completions
                    model:
                      provider: openai
                      name: gpt-x
                      config:
                        openai_api_key: $OPENAI_API_KEY
                """);

        var route = config.routes().get(0);

        assertThat(config.warnings()).isEmpty();
        assertThat(route.name()).isEqualTo("completions");
        assertThat(route.task()).isEqualTo(Task.COMPLETIONS);
        assertThat(route.classic()).isTrue();
        assertThat(route.split()).isFalse();
        assertThat(route.limit()).isEmpty();
        assertThat(route.targets()).singleElement().satisfies(target -> {
            assertThat(target.name()).isEqualTo("openai/gpt-x");
            assertThat(target.provider()).isEqualTo("openai");
            assertThat(target.model()).isEqualTo("gpt-x");
            assertThat(target.weight()).isEqualTo(100);
            assertThat(target.settings().secret("openai_api_key")).contains(new Secret("sk-from-env"));
            assertThat(target.settings().text("openai_api_base")).contains("https://api.openai.com/v1");
            assertThat(target.settings().text("openai_organization")).isEmpty();
        });
    }

    @Test
    void what_a_model_can_do_is_read_once_each() {
        var config = good(echo("chat") + "    capabilities: [json_schema, json_schema]\n");

        assertThat(config.warnings()).isEmpty();
        assertThat(config.routes().get(0).capabilities()).containsExactly("json_schema");
        assertThat(good(echo("chat") + "    capabilities:\n").routes().get(0).capabilities())
                .isEmpty();
    }

    @Test
    void a_file_of_the_second_generation_loads_unchanged() {
        var config = good(echo("chat"));

        assertThat(config.warnings()).isEmpty();
        assertThat(config.routes()).singleElement().satisfies(route -> {
            assertThat(route.classic()).isFalse();
            assertThat(route.task()).isEqualTo(Task.CHAT);
            assertThat(route.targets().get(0).model()).isEmpty();
        });
    }

    @Test
    void either_section_takes_either_spelling_and_the_spelling_decides_what_is_classic() {
        var config = good("""
                endpoints:
                  - {name: a, route_type: llm/v1/chat, model: {provider: echo}}
                  - {name: b, endpoint_type: llm/v1/chat, model: {provider: echo}}
                routes:
                  - {name: c, endpoint_type: llm/v1/embeddings, model: {provider: echo}}
                  - {name: d, route_type: llm/v1/completions, model: {provider: echo}}
                """);

        assertThat(config.routes())
                .extracting(RouteConfig::name, RouteConfig::classic)
                .containsExactly(tuple("a", true), tuple("b", false), tuple("c", false), tuple("d", true));
    }

    @Test
    void the_sections_keep_the_order_they_are_written_in() {
        var config = good("""
                routes: [{name: late, route_type: llm/v1/chat, model: {provider: echo}}]
                endpoints: [{name: early, endpoint_type: llm/v1/chat, model: {provider: echo}}]
                """);

        assertThat(config.routes()).extracting(RouteConfig::name).containsExactly("late", "early");
    }

    @Test
    void an_empty_list_of_routes_is_a_configuration() {
        assertThat(good("routes: []").routes()).isEmpty();
        assertThat(good("endpoints: []").routes()).isEmpty();
    }

    @Test
    void a_provider_is_found_whatever_case_and_dashes_and_by_its_other_names() {
        var config = good("""
                endpoints:
                  - {name: a, endpoint_type: llm/v1/embeddings,
                     model: {provider: TEXT_Embedder, name: m, config: {server_url: "http://h"}}}
                  - {name: b, endpoint_type: llm/v1/embeddings,
                     model: {provider: Tei-Server, name: m, config: {server_url: "http://h"}}}
                """);

        assertThat(config.routes())
                .allSatisfy(
                        route -> assertThat(route.targets().get(0).provider()).isEqualTo("text-embedder"));
    }

    @Test
    void anchors_aliases_and_merge_keys_work() {
        var config = good("""
                x-shared:
                  key: &key {openai_api_key: literal-key}
                  eu: &eu {openai_api_base: "http://eu.example/v1/", openai_organization: merged}
                  model: &model
                    provider: openai
                    name: gpt-x
                    config: {<<: [*key, *eu], openai_organization: own}
                endpoints:
                  - &first
                    name: a
                    endpoint_type: llm/v1/chat
                    model: *model
                  - <<: *first
                    name: b
                    model: {<<: *model, name: gpt-y}
                """);

        var second = config.routes().get(1);

        assertThat(config.warnings()).isEmpty();
        assertThat(second.name()).isEqualTo("b");
        assertThat(second.task()).isEqualTo(Task.CHAT);
        assertThat(second.targets().get(0).model()).isEqualTo("gpt-y");
        assertThat(second.targets().get(0).settings().secret("openai_api_key")).contains(new Secret("literal-key"));
        assertThat(second.targets().get(0).settings().text("openai_api_base")).contains("http://eu.example/v1");
        assertThat(second.targets().get(0).settings().text("openai_organization"))
                .contains("own");
    }

    @Test
    void the_earlier_of_two_merged_mappings_wins() {
        var config = good("""
                x-a: &a {name: from-a}
                x-b: &b {name: from-b, endpoint_type: llm/v1/chat}
                endpoints:
                  - {<<: [*a, *b], model: {provider: echo}}
                """);

        assertThat(config.routes()).extracting(RouteConfig::name).containsExactly("from-a");
    }

    @Test
    void unknown_keys_are_warnings_with_their_line_and_a_guess() {
        var config = good("""
                endpoint: []
                endpoints:
                  - name: chat
                    endpoint_type: llm/v1/chat
                    limits: {calls: 1}
                    model:
                      provider: openai
                      name: gpt-x
                      config:
                        openai_api_key: k
                        openai_api_bse: https://elsewhere
                server:
                  timeouts: {first-bite: 5s}
                """);

        assertThat(config.warnings())
                .containsExactly(
                        "gateway.yaml:1: (document): unknown key 'endpoint' is ignored; did you mean 'endpoints'?",
                        "gateway.yaml:5: endpoints[0].limits.calls: is ignored here; a route's rate limit stands under limit:",
                        "gateway.yaml:11: endpoints[0].model.config: unknown key 'openai_api_bse' is ignored;"
                                + " did you mean 'openai_api_base'?",
                        "gateway.yaml:13: server.timeouts: unknown key 'first-bite' is ignored;"
                                + " did you mean 'first-byte'?");
    }

    @Test
    void a_date_or_a_number_does_for_a_text_as_it_is_written() {
        var config = good(openai("openai_api_key: k\nopenai_organization: 2023-06-01"));

        assertThat(config.routes().get(0).targets().get(0).settings().text("openai_organization"))
                .contains("2023-06-01");
    }

    @Test
    void the_server_block_is_taken_over_by_setting_name() {
        var config = good("""
                routes: []
                server:
                  port: 8080
                  timeouts: {first-byte: 5s, request-head: 2s}
                  limits: {request-body: 1MiB, request-head: 4096}
                """);

        assertThat(config.server())
                .containsEntry("port", "8080")
                .containsEntry("first-byte-timeout", "5s")
                .containsEntry("request-head-timeout", "2s")
                .containsEntry("request-body-limit", "1MiB")
                .containsEntry("request-head-limit", "4096")
                .hasSize(5);
    }

    @Test
    void the_credentials_of_all_targets_are_listed_once_each() {
        var config = good("""
                endpoints:
                  - &a
                    name: a
                    endpoint_type: llm/v1/chat
                    model: {provider: openai, name: m, config: {openai_api_key: one}}
                  - {<<: *a, name: b}
                  - {<<: *a, name: c, model: {provider: openai, name: m, config: {openai_api_key: two}}}
                """);

        assertThat(config.routes()).hasSize(3);
        assertThat(config.secrets()).containsExactlyInAnyOrder(new Secret("one"), new Secret("two"));
    }

    @Test
    void the_version_is_the_same_for_the_same_bytes_only() {
        String version = good(echo("chat")).version();

        assertThat(version).matches("[0-9a-f]{12}");
        assertThat(good(echo("chat")).version()).isEqualTo(version);
        assertThat(good(echo("chat") + "\n").version()).isNotEqualTo(version);
    }

    @Test
    void a_byte_order_mark_and_windows_line_ends_do_no_harm() {
        var config = good("\uFEFF" + echo("chat").replace("\n", "\r\n"));

        assertThat(config.routes()).extracting(RouteConfig::name).containsExactly("chat");
    }

    @Test
    void a_file_is_read_and_named_in_what_is_said_of_it(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("my.yaml");
        Files.write(file, (echo("chat") + "extra: 1\n").getBytes(StandardCharsets.UTF_8));

        var config = new ConfigReader(SampleConfigs.PROVIDERS, SampleConfigs.ENVIRONMENT).read(file);

        assertThat(config.warnings()).containsExactly(file + ":5: (document): unknown key 'extra' is ignored");
    }

    @Test
    void five_thousand_routes_load() {
        StringBuilder yaml = new StringBuilder("endpoints:\n");
        for (int i = 0; i < 5_000; i++) {
            yaml.append("  - {name: r")
                    .append(i)
                    .append(", endpoint_type: llm/v1/chat, model: {provider: openai, name: m,"
                            + " config: {openai_api_key: literal-key}}}\n");
        }

        var config = good(yaml.toString());

        assertThat(config.routes()).hasSize(5_000);
    }
}
