package io.mlflowgateway.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mlflowgateway.server.reliability.Figures;
import io.mlflowgateway.server.reliability.Proves;
import io.mlflowgateway.server.reliability.Row;
import io.mlflowgateway.server.testing.Eventually;
import io.mlflowgateway.server.testing.GatewayProcess;
import io.mlflowgateway.server.testing.RawConnection;
import io.mlflowgateway.server.testing.ScriptedUpstream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The built jar under callers and upstreams that want into its log. Every secret holds the word {@code canary}. */
class HostileLogIT {
    private static final String SECRETIVE_HEADERS =
            "Authorization: Bearer canary-header-1234\r\nCookie: id=canary-cookie\r\n"
                    + "X-Api-Key: canary-key-header\r\n";
    private static final String CHAT =
            "{\"messages\":[{\"role\":\"user\",\"content\":\"canary in a prompt\"}],\"stream\":%s}";
    private static final Pattern PLAIN =
            Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z (DEBUG|INFO |WARN |ERROR) \\S+ .*");
    private static final Pattern PAIRS =
            Pattern.compile("\\S+ INFO  access( [a-z_]+=(\"([^\"\\\\]|\\\\.)*\"|[A-Za-z0-9_./:@%+~,*-]+))+");

    /** Paths, raw; what they decode to would break a line, a JSON member or a terminal. */
    private static final List<String> PATHS = List.of(
            "/forged%0d%0a2026-01-31T00:00:00.000Z%20ERROR%20Gateway%20all%20is%20lost",
            "/endpoints/%22%7D%2C%7B%22level%22%3A%22ERROR%22/invocations",
            "/ansi%1b%5b31mred",
            "/ansi%c2%9b31m",
            "/separators%e2%80%a8%e2%80%a9%c2%85",
            "/bidi%e2%80%ae%e2%81%a6%ef%bb%bf",
            "/nul%00",
            "/back%5cslash%22quote=%20route=admin",
            "/v1/sk-canary-in-a-path-1234",
            "/health?api_key=canary-in-a-query",
            "/tags%f3%a0%81%81",
            "/long" + "%22".repeat(2_000));

    @TempDir
    private Path folder;

    private static void answer(ScriptedUpstream.Exchange call, String secret) throws IOException {
        String body = call.body();
        String hostile =
                "no \\u001b[31m\\r\\n{\\\"level\\\":\\\"ERROR\\\"} " + secret + " sk-canary-of-upstream-1234 \\u2028";
        if (body.contains("\"stream\":true")) {
            call.beginStream().say("one").part("data: {\"error\":{\"message\":\"" + hostile + "\"}}\n\n");
            call.reset();
        } else if (body.contains("refuse")) {
            String json = "{\"error\":{\"message\":\"" + hostile + "\",\"code\":\"canary_code\",\"type\":\"canary\"}}";
            call.send("HTTP/1.1 401 canary reason\r\nContent-Type: application/json\r\nRetry-After: canary\r\n"
                    + "Content-Length: " + json.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + json);
        } else if (body.contains("nonsense")) {
            call.send("HTTP/1.1 500 no\r\nContent-Type: text/sk-canary-type-1234\r\nContent-Length: 6\r\n\r\ncanary");
        } else if (body.contains("broken")) {
            call.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{\"canary\"");
        } else {
            call.reset();
        }
    }

    private static String route(String name, String key, ScriptedUpstream upstream) {
        return "  - name: " + name + "\n    endpoint_type: llm/v1/chat\n    model:\n      provider: openai\n"
                + "      name: the-model\n      config: {openai_api_key: '" + key + "', openai_api_base: '"
                + upstream.base() + "'}\n";
    }

    @Proves(Row.LOGS)
    @ParameterizedTest
    @ValueSource(strings = {"plain", "json"})
    void logs_keep_one_clean_line_an_event_and_no_secret(String format) throws Exception {
        Path err = folder.resolve("err.txt");
        Path config = folder.resolve("gateway.yaml");
        int requests;
        try (ScriptedUpstream first = new ScriptedUpstream(call -> answer(call, "sk-canary-of-config-1234"));
                ScriptedUpstream second = new ScriptedUpstream(call -> answer(call, "canaryinplainwords"))) {
            String routes = "endpoints:\n" + route("first", "sk-canary-of-config-1234", first)
                    + route("second", "canaryinplainwords", second);
            Files.writeString(config, routes);
            try (GatewayProcess gateway = new GatewayProcess(
                    builder -> builder.redirectError(err.toFile()),
                    Map.of("GATEWAY_LOG_LEVEL", "debug", "GATEWAY_LOG_FORMAT", format, "GATEWAY_NO_SUCH_LIMIT", "1"),
                    "start",
                    "--port",
                    "0",
                    "--config-path",
                    config.toString())) {
                requests = callAll(gateway.port());
                reload(config, routes, err);
                requests += callAll(gateway.port());
                gateway.terminate();
                assertThat(gateway.exitCode()).isZero();
            }
        }

        List<String> lines = Files.readString(err).lines().toList();

        assertThat(Files.readString(err)).doesNotContain("canary");
        assertThat(Files.readString(err).replace("\n", "")).doesNotContainPattern("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");
        int told = format.equals("json") ? requestsInJson(lines) : requestsInPlain(lines);
        assertThat(told).isEqualTo(requests);
        Figures.seen(
                Row.LOGS,
                "logs_keep_one_clean_line_an_event_and_no_secret",
                format + ": " + lines.size() + " lines of " + requests
                        + " hostile requests, each of them parsed; no secret, " + "no control character");
    }

    /** A bad file, whose mistakes are reported, then one with another key. */
    private static void reload(Path config, String routes, Path err) throws IOException {
        Files.writeString(config, routes + "  - name: \"bad\\nname\\u202e canaryinplainwords\"\n");
        await(err, "cannot be used");
        Files.writeString(config, routes.replace("the-model", "the-next-model"));
        await(err, "is in force, 2 routes");
    }

    private static void await(Path err, String text) {
        Eventually.within(Duration.ofSeconds(10), text, () -> {
            try {
                return Files.readString(err).contains(text);
            } catch (IOException e) {
                return false;
            }
        });
    }

    /** How many requests it has sent. */
    private static int callAll(int port) throws IOException {
        List<String> heads = new ArrayList<>();
        PATHS.forEach(
                path -> heads.add("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + SECRETIVE_HEADERS + "\r\n"));
        heads.add("GET /health HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: sk-canary-as-an-id-1234\r\n\r\n");
        heads.add("GET /health HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: a\u001b[31m\r\n\r\n");
        heads.add("GET /health HTTP/1.1\r\nHost: canary.example\r\n\r\n");
        heads.add("G\u001bT /health HTTP/1.1\r\nHost: localhost\r\n\r\n");
        heads.add("GET /odd odd HTTP/1.1\r\nHost: localhost\r\n\r\n");
        for (String head : heads) {
            try (RawConnection caller = new RawConnection(port)) {
                assertThat(caller.send(head).answer().status()).isBetween(200, 499);
            }
        }
        int sent = heads.size();
        for (String route : List.of("first", "second")) {
            for (String body : List.of(
                    "false",
                    "true",
                    "\"canary\"",
                    "false,\"x\":\"refuse\"",
                    "false,\"x\":\"nonsense\"",
                    "false,\"x\":\"broken\"")) {
                try (RawConnection caller = new RawConnection(port)) {
                    caller.post("/endpoints/" + route + "/invocations", String.format(CHAT, body))
                            .answer();
                    sent++;
                }
            }
        }
        try (RawConnection caller = new RawConnection(port)) {
            caller.post("/v1/chat/completions", "{\"model\":\"canary\\r\\n\\u001b\\\"}\",\"messages\":[]}")
                    .answer();
        }
        reset(port);
        return sent + 2;
    }

    /** Leaves in the middle of a body, without a goodbye. */
    private static void reset(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream()
                    .write(("POST /endpoints/first/invocations HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n"
                                    + "Content-Type: application/json\r\nExpect: 100-continue\r\n" + SECRETIVE_HEADERS
                                    + "\r\n{\"canary\"")
                            .getBytes(StandardCharsets.UTF_8));
            assertThat(socket.getInputStream().read()).isPositive();
            socket.setSoLinger(true, 0);
        }
    }

    private static int requestsInJson(List<String> lines) throws IOException {
        int requests = 0;
        for (String line : lines) {
            JsonNode json = new ObjectMapper().readTree(line);
            assertThat(json.path("timestamp").asText()).endsWith("Z");
            assertThat(json.path("level").asText()).isIn("DEBUG", "INFO", "WARN", "ERROR");
            assertThat(json.path("logger").asText()).startsWith("io.mlflowgateway.");
            assertThat(json.path("thread").asText()).isNotEmpty();
            assertThat(json.path("message").isTextual()).isTrue();
            if (json.path("logger").asText().equals("io.mlflowgateway.access")) {
                requests++;
                assertThat(json.path("request_id").asText()).isNotEmpty();
                assertThat(json.path("status").isInt()).isTrue();
                assertThat(json.path("duration_ms").isNumber()).isTrue();
            }
        }
        return requests;
    }

    private static int requestsInPlain(List<String> lines) {
        assertThat(lines).allMatch(line -> PLAIN.matcher(line).matches());
        List<String> requests =
                lines.stream().filter(line -> line.contains(" INFO  access ")).toList();
        assertThat(requests).allMatch(line -> PAIRS.matcher(line).matches());
        return requests.size();
    }
}
