package io.mlflowgateway.server.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.testing.GeneratedFile;
import io.mlflowgateway.server.testing.RawConnection;
import io.mlflowgateway.server.testing.RawConnection.RawAnswer;
import io.mlflowgateway.server.testing.ScriptedUpstream;
import io.mlflowgateway.server.testing.Surface;
import io.mlflowgateway.server.testing.TestGateway;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Callers who try to choose where the gateway calls and what it shows there, on every surface of a whole gateway. */
class RequestsUpstreamIT {
    private static final String GOLDEN = "gateway-server/src/test/resources/reliability/requests-upstream.txt";
    private static final String MARK = "caller-wrote-this";

    private static final List<String> HEADERS = List.of(
            "Authorization: Bearer " + MARK,
            "Proxy-Authorization: Basic " + MARK,
            "Cookie: session=" + MARK,
            "X-Api-Key: " + MARK,
            "api-key: " + MARK,
            "x-goog-api-key: " + MARK,
            "OpenAI-Organization: " + MARK,
            "OpenAI-Project: " + MARK,
            "OpenAI-Beta: " + MARK,
            "anthropic-version: " + MARK,
            "User-Agent: " + MARK,
            "Accept: text/" + MARK,
            "Accept-Encoding: br",
            "Accept-Language: " + MARK,
            "Referer: http://" + MARK,
            "Origin: http://" + MARK,
            "Forwarded: for=1.2.3.4;host=" + MARK,
            "X-Forwarded-For: 1.2.3.4",
            "X-Forwarded-Host: " + MARK,
            "X-Forwarded-Proto: https",
            "X-Real-IP: 1.2.3.4",
            "X-Original-URL: /" + MARK,
            "X-Rewrite-URL: /" + MARK,
            "X-HTTP-Method-Override: DELETE",
            "Via: 1.1 " + MARK,
            "Connection: X-Evil, Authorization",
            "X-Evil: " + MARK,
            "Keep-Alive: timeout=1",
            "TE: trailers",
            "Upgrade: h2c",
            "Expect: 100-continue",
            "Idempotency-Key: " + MARK,
            "X-Request-Id: " + MARK,
            "X-Portkey-Provider: openai",
            "X-Portkey-Custom-Host: http://" + MARK,
            "X-Portkey-Config: {\"base_url\":\"http://" + MARK + "\"}",
            "x-litellm-api-base: http://" + MARK,
            "x-litellm-api-key: " + MARK,
            "Helicone-Target-Url: http://" + MARK,
            "X-Target-URL: http://" + MARK);

    private static final Map<String, String> FIELDS = Map.ofEntries(
            Map.entry("api_base", "\"http://127.0.0.1:1/" + MARK + "\""),
            Map.entry("base_url", "\"http://127.0.0.1:1/" + MARK + "\""),
            Map.entry("openai_api_base", "\"http://127.0.0.1:1/" + MARK + "\""),
            Map.entry("model_server_url", "\"http://127.0.0.1:1/" + MARK + "\""),
            Map.entry("url", "\"http://127.0.0.1:1/" + MARK + "\""),
            Map.entry("api_key", "\"" + MARK + "\""),
            Map.entry("openai_api_key", "\"$PATH\""),
            Map.entry("api_version", "\"" + MARK + "\""),
            Map.entry("api_type", "\"azure\""),
            Map.entry("organization", "\"" + MARK + "\""),
            Map.entry("provider", "\"echo\""),
            Map.entry("custom_llm_provider", "\"azure\""),
            Map.entry("deployment_id", "\"" + MARK + "\""),
            Map.entry("headers", "{\"Authorization\":\"" + MARK + "\"}"),
            Map.entry("extra_headers", "{\"Authorization\":\"" + MARK + "\"}"),
            Map.entry("extra_query", "{\"key\":\"" + MARK + "\"}"),
            Map.entry("extra_body", "{\"model\":\"" + MARK + "\"}"),
            Map.entry("user_config", "{\"model_list\":[{\"litellm_params\":{\"api_base\":\"http://127.0.0.1:1\"}}]}"),
            Map.entry("fallbacks", "[\"http://127.0.0.1:1\"]"),
            Map.entry("mock_response", "\"" + MARK + "\""));

    private static final BlockingQueue<String> HEADS = new LinkedBlockingQueue<>();
    private static ScriptedUpstream upstream;
    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        upstream = new ScriptedUpstream(RequestsUpstreamIT::answer);
        gateway = TestGateway.with(Surface.config(upstream.base(), "the-gateways-key", "")
                + """
                  - name: adorned
                    endpoint_type: llm/v1/chat
                    model:
                      provider: openai
                      name: the-model
                      config:
                        openai_api_key: the-gateways-key
                        openai_api_base: '%1$s'
                        openai_api_version: '2024-06-01'
                        openai_organization: org-of-the-gateway
                  - name: served
                    endpoint_type: llm/v1/chat
                    model: {provider: mlflow-model-serving, config: {model_server_url: 'http://127.0.0.1:%2$d/a'}}
                """.formatted(upstream.base(), upstream.port()));
    }

    private static void answer(ScriptedUpstream.Exchange exchange) throws IOException {
        HEADS.add(exchange.head());
        if (exchange.head().startsWith("POST /a/invocations ")) {
            exchange.json("{\"predictions\":[\"hey\"]}");
            return;
        }
        Surface.answerWell(exchange);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        upstream.close();
    }

    private static Surface named(String route) {
        Surface chat = Surface.wholes()
                .filter(surface -> surface.name().equals("deployments chat"))
                .findFirst()
                .orElseThrow();
        return new Surface(
                route, "/endpoints/" + route + "/invocations", chat.body(), Task.CHAT, chat.openAi(), chat.streams());
    }

    @Test
    @Proves(Row.REQUESTS_UPSTREAM)
    void requests_upstream_hold_what_the_configuration_says_and_nothing_of_a_callers_head() throws IOException {
        List<Surface> surfaces = Stream.concat(Surface.all(), Stream.of(named("adorned"), named("served")))
                .toList();
        Map<String, String> sent = new TreeMap<>();

        for (Surface surface : surfaces) {
            RawAnswer answer = hostile(surface, "?api_base=http://127.0.0.1:1&api-version=" + MARK + "&key=" + MARK);
            assertThat(answer.status()).as(surface + answer.body()).isEqualTo(200);
            String head = normal(HEADS.remove());
            assertThat(head).doesNotContain(MARK);
            String before = sent.put(kind(surface), head);
            assertThat(before == null || before.equals(head)).as(surface + head).isTrue();
        }

        assertThat(HEADS).isEmpty();
        GeneratedFile.mustHold(
                GOLDEN,
                sent.entrySet().stream()
                        .map(block -> "# " + block.getKey() + "\n" + block.getValue())
                        .collect(Collectors.joining("\n")));
        Figures.seen(
                Row.REQUESTS_UPSTREAM,
                "requests_upstream_hold_what_the_configuration_says_and_nothing_of_a_callers_head",
                surfaces.size() + " surfaces, " + HEADERS.size() + " headers and " + FIELDS.size()
                        + " fields of a caller: heads upstream are those of the golden file");
    }

    /** One block of the file for what must look the same, whatever surface it came by. */
    private static String kind(Surface surface) {
        String wire = surface.name().equals("adorned") || surface.name().equals("served") ? surface.name() : "openai";
        return wire + " " + surface.task().wireName() + (surface.streams() ? " streamed" : "");
    }

    /** The head as the golden file has it: headers in alphabetical order, without what differs from run to run. */
    private static String normal(String head) {
        List<String> lines =
                new ArrayList<>(head.lines().filter(line -> !line.isEmpty()).toList());
        String first = lines.remove(0);
        return first + "\n"
                + lines.stream()
                        .map(line -> line.replaceFirst("(?i)^content-length: \\d+$", "content-length: {length}"))
                        .map(line -> line.replaceFirst("(?i)^(user-agent: [a-z-]+/).*$", "$1{version}"))
                        .map(line -> line.replace(":" + upstream.port(), ":{port}"))
                        .sorted(String.CASE_INSENSITIVE_ORDER)
                        .collect(Collectors.joining("\n", "", "\n"));
    }

    @Test
    @Proves(Row.REQUESTS_UPSTREAM)
    void requests_upstream_go_nowhere_for_a_model_that_is_an_address() {
        List<String> models = List.of(
                upstream.base(),
                "//127.0.0.1:" + upstream.port(),
                "openai/http://127.0.0.1:1",
                "the-model",
                "azure/the-model",
                "served@http://127.0.0.1:1",
                "$OPENAI_API_KEY",
                "file:///etc/passwd");
        int before = upstream.requests();

        for (String model : models) {
            try (RawConnection caller = new RawConnection(gateway.port())) {
                RawAnswer openAi = caller.post("/v1/chat/completions", "{\"model\":\"" + model + "\",\"messages\":[]}")
                        .answer();
                assertThat(openAi.status()).as(model).isEqualTo(404);
                RawAnswer mlflow = caller.post(
                                "/endpoints/chat/invocations",
                                "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}")
                        .answer();
                assertThat(mlflow.status()).as(model).isEqualTo(422);
            }
        }

        assertThat(upstream.requests()).isEqualTo(before);
        Figures.seen(
                Row.REQUESTS_UPSTREAM,
                "requests_upstream_go_nowhere_for_a_model_that_is_an_address",
                models.size() + " models: 404 on /v1, 422 on MLflow's surfaces, 0 calls upstream");
    }

    private static RawAnswer hostile(Surface surface, String query) {
        String fields = FIELDS.entrySet().stream()
                .map(field -> "\"" + field.getKey() + "\":" + field.getValue())
                .collect(Collectors.joining(","));
        String json = surface.jsonWith(fields);
        try (RawConnection caller = new RawConnection(gateway.port())) {
            caller.send("POST " + surface.path() + query + " HTTP/1.1\r\nHost: localhost\r\n"
                    + String.join("\r\n", HEADERS) + "\r\nContent-Type: application/json\r\nContent-Length: "
                    + json.length() + "\r\n\r\n" + json);
            RawAnswer first = caller.answer();
            return first.status() == 100 ? caller.answer() : first;
        }
    }
}
