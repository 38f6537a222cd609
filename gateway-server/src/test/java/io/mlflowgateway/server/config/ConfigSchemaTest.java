package io.mlflowgateway.server.config;

import static io.mlflowgateway.server.config.SampleConfigs.echo;
import static io.mlflowgateway.server.config.SampleConfigs.openai;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import wiremock.com.fasterxml.jackson.databind.JsonNode;
import wiremock.com.fasterxml.jackson.databind.ObjectMapper;
import wiremock.com.networknt.schema.JsonSchema;
import wiremock.com.networknt.schema.JsonSchemaFactory;
import wiremock.com.networknt.schema.SpecVersion;

class ConfigSchemaTest {
    private static final String TEXT = new ConfigSchema(SampleConfigs.PROVIDERS).text();
    private static final JsonSchema SCHEMA =
            JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(TEXT);

    /** What a validator that knows nothing of us says of the file. */
    private static List<String> complaints(String yaml) {
        Object document = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
        JsonNode json = new ObjectMapper().valueToTree(document);
        List<String> complaints = new ArrayList<>();
        SCHEMA.validate(json).forEach(message -> complaints.add(message.getMessage()));
        return complaints;
    }

    private static String entry(String type, String model) {
        return "endpoints: [{name: a, endpoint_type: " + type + ", model: {" + model + "}}]";
    }

    @Test
    void it_names_its_draft_every_provider_and_every_setting() {
        assertThat(TEXT)
                .contains("\"$schema\" : \"https://json-schema.org/draft/2020-12/schema\"")
                .contains("\"config-text-embedder\"")
                .endsWith("}\n")
                .doesNotContain("\r");
        assertThat(ServerSetting.values())
                .allSatisfy(setting -> assertThat(TEXT).contains(setting.description()));
    }

    @Test
    void files_of_every_generation_fit() {
        String all = openai("openai_api_key: k\nopenai_organization: 12") + """
                  - {name: e, endpoint_type: llm/v1/embeddings, limit: {calls: "3", renewal_period: 10 seconds},
                     model: {provider: TEI-server, name: m, config: {server_url: "http://h/v1"}}}
                  - {name: c, route_type: llm/v1/chat, limit: null, model: {provider: Echo},
                     timeouts: {connect: 1s, total: 1h}, limits: {response-body: 1024}}
                  - name: several
                    endpoint_type: llm/v1/chat
                    targets:
                      - {name: a, weight: 0, model: {provider: echo}, price: {input: 0.15, output: 1}}
                      - {model: {provider: echo, name: m}, price: {input: 0, output: 0}}
                    routing: {balance: cheapest, fallback: true, retries: {attempts: 0, backoff: 1ms, max-backoff: 1h},
                      breaker: {failures: 1, within: 1s, cooldown: 1m}, hedge: {budget: 1, after: p50, at-least: 0s}}
                  - {name: one, endpoint_type: llm/v1/chat, model: {provider: echo}, routing: {retries: null, breaker: {}}}
                  - name: stuck
                    endpoint_type: llm/v1/chat
                    targets: [{model: {provider: echo, name: a}}, {model: {provider: echo, name: b}}]
                    routing: {sticky-by: body user, balance: weighted}
                  - {name: n1, endpoint_type: llm/v1/chat, model: {provider: openai, name: m, credential: fixed}}
                  - {name: n2, endpoint_type: llm/v1/chat, model: {provider: openai, name: m, credential: entra,
                     config: {openai_api_base: "http://h"}}}
                routes:
                  - {name: old, route_type: llm/v1/completions, model: {provider: echo, config: {}}}
                  - name: s
                    task_type: llm/v1/chat
                    routing_strategy: TRAFFIC_SPLIT
                    destinations: [{name: chat, traffic_percentage: 100}, {name: c, traffic_percentage: 0}]
                    routing: {sticky-by: header X-Session-Id, fallback: true}
                    timeouts: null
                    limits: {upstream-connections: 5}
                credentials:
                  - {name: fixed, type: static, value: k}
                  - {name: entra, type: oauth-client-credentials, token_url: "https://h/token", client_id: 5,
                     client_secret: s, scope: a, client_auth: basic}
                server: {host: 0.0.0.0, port: 0, timeouts: {first-byte: 500ms, drain: 1.5m},
                  limits: {request-body: 10MiB, url: 4096, connections: 7}}
                x-anything: {a: b}
                """;

        assertThat(SampleConfigs.problems(all)).isEmpty();
        assertThat(SampleConfigs.good(all).warnings()).isEmpty();
        assertThat(complaints(all)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "server: {}",
                "routes: text",
                "endpoints: [{name: a, model: {provider: echo}}]",
                "endpoints: [{name: 'a b', endpoint_type: llm/v1/chat, model: {provider: echo}}]",
                "endpoints: [{name: '..', endpoint_type: llm/v1/chat, model: {provider: echo}}]",
                "endpoints: [{endpoint_type: llm/v1/chat, model: {provider: echo}}]",
                "endpoints: [{name: a, endpoint_type: llm/v1/chats, model: {provider: echo}}]",
                "endpoints: [{name: a, endpoint_type: llm/v1/chat}]",
                "routes: [{name: s, task_type: llm/v1/chat, destinations: [{name: a, traffic_percentage: 0}]}]",
                "endpoints: [{name: a, endpoint_type: llm/v1/chat, model: {provider: echo}, timeouts: {total: long}}]",
                "endpoints: [{name: a, endpoint_type: llm/v1/chat, model: {provider: echo}, limits: {response-body: x}}]",
                "endpoints: [{name: a, endpoint_type: llm/v1/chat, targets: []}]",
                "endpoints: [{name: a, endpoint_type: llm/v1/chat, targets: [{name: x}]}]",
                "endpoints: [{name: a, endpoint_type: llm/v1/chat, targets: [{weight: 2000, model: {provider: echo}}]}]",
                "endpoints: [{name: a, endpoint_type: llm/v1/chat, model: {provider: echo}, targets: [{model: {provider: echo}}]}]",
                "endpoints: [{name: a, endpoint_type: llm/v1/chat, targets: [{model: {provider: text-embedder, name: m, config: {server_url: 'http://h'}}}]}]",
                "endpoints: [{name: a, endpoint_type: llm/v1/chat, targets: [{model: {provider: echo}}], routing: {balance: cheapest}}]",
                "endpoints: [{name: a, endpoint_type: llm/v1/chat, model: {provider: echo}, routing: {balance: cheapest}}]",
                "endpoints: [{name: a, endpoint_type: llm/v1/chat, model: {provider: echo}, routing: {balance: luck}}]",
                "endpoints: [{name: a, endpoint_type: llm/v1/chat, model: {provider: echo}, routing: {sticky-by: cookie x}}]",
                "endpoints: [{name: a, endpoint_type: llm/v1/chat, model: {provider: echo}, routing: {retries: 3}}]",
                "endpoints: [{name: a, endpoint_type: llm/v1/chat, model: {provider: echo}, routing: {hedge: {after: p5}}}]",
                "{routes: [], credentials: [{name: a}]}",
                "{routes: [], credentials: [{type: static, value: k}]}",
                "{routes: [], credentials: [{name: a, type: key, value: k}]}",
                "{routes: [], credentials: [{name: a, type: static}]}",
                "{routes: [], credentials: [{name: a, type: oauth-client-credentials, client_id: b, client_secret: c}]}",
                "{routes: [], server: {port: many}}",
                "{routes: [], server: {timeouts: {connect: '5'}}}",
                "{routes: [], server: {limits: {url: lots}}}"
            })
    void what_the_reader_refuses_does_not_fit(String yaml) {
        assertThat(SampleConfigs.problems(yaml)).isNotEmpty();
        assertThat(complaints(yaml)).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "provider: nobody",
                "name: m",
                "provider: openai, name: m",
                "provider: OpenAI, config: {openai_api_key: k}",
                "provider: openai, name: m, config: {}",
                "provider: openai, name: m, config: {openai_api_key: 5}",
                "provider: openai, name: m, config: {openai_api_key: k, openai_api_base: host}",
                "provider: openai, name: m, credential: c, config: {openai_api_key: k}",
                "provider: echo, credential: c",
                "provider: text_embedder, name: m, config: {server_url: 'http://h'}"
            })
    void a_model_the_reader_refuses_does_not_fit(String model) {
        String yaml = entry("llm/v1/chat", model);

        assertThat(SampleConfigs.problems(yaml)).isNotEmpty();
        assertThat(complaints(yaml)).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "extra: 1",
                "    timeouts: {drain: 5s}",
                "    limits: {url: 5}",
                "    routing: {balanced: x}",
                "    routing: {breaker: {fails: 1}}",
                "server: {timeout: {}}",
                "server: {timeouts: {first: 5s}}"
            })
    void what_the_reader_warns_of_does_not_fit(String more) {
        String yaml = echo("chat") + more + "\n";

        assertThat(SampleConfigs.good(yaml).warnings()).hasSize(1);
        assertThat(complaints(yaml)).isNotEmpty();
    }
}
