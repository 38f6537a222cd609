package io.mlflowgateway.server.config;

import static io.mlflowgateway.server.config.SampleConfigs.CANARY;
import static io.mlflowgateway.server.config.SampleConfigs.echo;
import static io.mlflowgateway.server.config.SampleConfigs.openai;
import static io.mlflowgateway.server.config.SampleConfigs.problems;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigProblemsTest {

    @Test
    void everything_that_is_wrong_is_said_at_once_with_its_place() {
        String found = problems("""
                routes:
                  - name: a b
                    route_type: llm/v1/chats
                    model:
                      provider: openia
                endpoints:
                  - name: chat
                    endpoint_type: llm/v1/chat
                    model:
                      provider: openai
                      config:
                        openai_api_base: ftp://host
                    limit: {calls: -1, renewal_period: fortnight}
                  - endpoint_type: llm/v1/chat
                server:
                  port: 99999
                """);

        assertThat(found.lines().toList())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .startsWith("gateway.yaml:2: routes[0].name: a name is")
                                .contains("found 'a b'"),
                        line -> assertThat(line)
                                .startsWith("gateway.yaml:3: routes[0].route_type: 'llm/v1/chats' is no type")
                                .contains("did you mean 'llm/v1/chat'?"),
                        line -> assertThat(line)
                                .startsWith("gateway.yaml:5: routes[0].model.provider: 'openia' is no provider")
                                .contains("did you mean 'openai'?"),
                        line -> assertThat(line).startsWith("gateway.yaml:10: endpoints[0].model.name: is missing"),
                        line -> assertThat(line)
                                .startsWith("gateway.yaml:12: endpoints[0].model.config.openai_api_key: is missing"),
                        line -> assertThat(line)
                                .startsWith("gateway.yaml:12: endpoints[0].model.config.openai_api_base: must be")
                                .doesNotContain("ftp"),
                        line -> assertThat(line).startsWith("gateway.yaml:13: endpoints[0].limit.calls: must be"),
                        line -> assertThat(line).startsWith("gateway.yaml:13: endpoints[0].limit.renewal_period:"),
                        line -> assertThat(line).startsWith("gateway.yaml:14: endpoints[1].name: is missing"),
                        line -> assertThat(line).startsWith("gateway.yaml:14: endpoints[1].model: is missing"),
                        line -> assertThat(line)
                                .startsWith("gateway.yaml:16: server.port: must be a whole number from 0 to 65535"));
    }

    @Test
    void a_name_taken_in_the_other_section_is_refused_with_the_line_of_the_first() {
        String found =
                problems("routes: [{name: chat, route_type: llm/v1/chat, model: {provider: echo}}]\n" + echo("chat"));

        assertThat(found)
                .isEqualTo("gateway.yaml:3: endpoints[0].name: the name 'chat' is taken already, in line 1; names are"
                        + " unique over routes and endpoints together");
    }

    @ParameterizedTest
    @ValueSource(strings = {"''", "'.'", "'..'", "a/b", "'a b'", "über", "'a\\n'", "чат", "{a: b}", "[a]", "~"})
    void a_name_that_is_none_is_refused(String name) {
        assertThat(problems(echo(name))).startsWith("gateway.yaml:2: endpoints[0].name: ");
    }

    @Test
    void a_name_has_128_characters_at_most() {
        assertThat(problems(echo("n".repeat(128)))).isEmpty();
        assertThat(problems(echo("n".repeat(129))))
                .contains("endpoints[0].name")
                .doesNotContain("n".repeat(70));
    }

    @Test
    void a_task_the_provider_cannot_do_is_refused() {
        String found = problems("""
                endpoints:
                  - name: chat
                    endpoint_type: llm/v1/chat
                    model: {provider: text-embedder, name: m, config: {server_url: http://h}}
                """);

        assertThat(found)
                .isEqualTo(
                        "gateway.yaml:4: endpoints[0].model.provider: provider 'text-embedder' cannot do llm/v1/chat;"
                                + " it can do 'llm/v1/embeddings'");
    }

    @Test
    void route_type_and_endpoint_type_may_stand_together_only_when_they_agree() {
        String both = echo("chat") + "    route_type: ";

        assertThat(problems(both + "llm/v1/chat\n")).isEmpty();
        assertThat(problems(both + "llm/v1/embeddings\n"))
                .contains("endpoints[0]: route_type and endpoint_type differ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://host",
                "host/v1",
                "http://",
                "https://user:canary-7f3a9c-never-shown@host",
                "https://host?key=canary-7f3a9c-never-shown",
                "https://host/#x",
                "https://host:99999",
                "https://host:0",
                "https://ho st",
                "$SOME_URL"
            })
    void a_bad_url_is_refused_and_not_quoted(String url) {
        String found = problems(openai("openai_api_key: key-of-mine\nopenai_api_base: '" + url + "'"));

        assertThat(found)
                .startsWith(
                        "gateway.yaml:9: endpoints[0].model.config.openai_api_base: must be an absolute http or https URL")
                .doesNotContain(CANARY)
                .doesNotContain(url);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://my_model:8080",
                "https://[::1]:5001/v1",
                "HTTPS://h",
                "http://10.0.0.1/a/b",
                "http://h:65535/"
            })
    void a_good_url_is_taken(String url) {
        assertThat(problems(openai("openai_api_key: key-of-mine\nopenai_api_base: '" + url + "'")))
                .isEmpty();
    }

    @Test
    void a_provider_that_needs_no_model_and_no_config_gets_by_without_and_others_do_not() {
        assertThat(problems(echo("chat"))).isEmpty();
        assertThat(problems(echo("chat").replace("echo", "openai")))
                .contains("endpoints[0].model.name: is missing")
                .contains("endpoints[0].model.config.openai_api_key: is missing");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"routes:", "routes: 5", "routes: {a: b}", "endpoints: text", "routes: [text]", "routes: [~]"})
    void a_section_must_be_a_list_of_entries(String yaml) {
        assertThat(problems(yaml)).contains("was expected, found ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"server: {port: 1}", "rotes: []", "[]", "text", "~", "{}"})
    void a_document_without_routes_is_refused(String yaml) {
        assertThat(problems(yaml)).startsWith("gateway.yaml:1: (document): ");
    }

    @Test
    void a_misspelled_section_is_guessed() {
        assertThat(problems("endponts: []")).contains("did you mean 'endpoints'?");
    }

    @Test
    void thousands_of_problems_are_counted_not_listed() {
        String found = problems("routes: [" + "~,".repeat(5_000) + "]");

        assertThat(found.lines().count()).isEqualTo(Report.MAX + 1);
        assertThat(found).endsWith("and 4000 more problems");
    }

    @Test
    void a_capability_that_is_none_is_a_problem_with_those_there_are() {
        assertThat(problems(echo("chat") + "    capabilities: [json-schema, json_schema]\n"))
                .isEqualTo("gateway.yaml:5: endpoints[0].capabilities[0]: 'json-schema' is no capability; did you mean"
                        + " 'json_schema'?; one of 'json_schema'");
        assertThat(problems(echo("chat") + "    capabilities: json_schema\n"))
                .startsWith("gateway.yaml:5: endpoints[0].capabilities: a list was expected");
    }

    @Test
    void a_file_that_is_not_there_or_a_folder_is_a_problem(@TempDir Path folder) {
        ConfigReader reader = new ConfigReader(SampleConfigs.PROVIDERS, SampleConfigs.ENVIRONMENT);

        assertThatThrownBy(() -> reader.read(folder.resolve("none.yaml")))
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining("none.yaml: there is")
                .hasMessageContaining("no such file");
        assertThatThrownBy(() -> reader.read(folder))
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining("a directory");
    }

    @Test
    void a_key_in_the_wrong_place_is_masked_where_a_message_would_show_it() {
        String found = problems("""
                x-note: {api_key: %1$s}
                endpoints:
                  - {name: chat, endpoint_type: llm/v1/chat, model: {provider: %1$s, name: sk-abcdef123456}}
                """.formatted(CANARY));

        assertThat(found).contains("'***' is no provider").doesNotContain(CANARY);
    }
}
