package io.mlflowgateway.server.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.testing.RawConnection;
import io.mlflowgateway.server.testing.RawConnection.RawAnswer;
import io.mlflowgateway.server.testing.ScriptedUpstream;
import io.mlflowgateway.server.testing.Surface;
import io.mlflowgateway.server.testing.TestGateway;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Bodies that are not what they should be, on every surface of a whole gateway. */
class JsonRulesIT {
    /** A second is the aim; the rest is for a machine with other things to do. */
    private static final Duration MOST = Duration.ofSeconds(10);

    private static final BlockingQueue<String> RECEIVED = new LinkedBlockingQueue<>();
    private static ScriptedUpstream upstream;
    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        upstream = new ScriptedUpstream(JsonRulesIT::answer);
        gateway = TestGateway.with(Surface.config(upstream.base(), "sk-canary", "") + """
                  - name: served
                    endpoint_type: llm/v1/chat
                    model:
                      provider: mlflow-model-serving
                      config: {model_server_url: 'http://127.0.0.1:%d'}
                  - name: echo
                    endpoint_type: llm/v1/chat
                    model: {provider: echo}
                """.formatted(upstream.port()));
    }

    private static void answer(ScriptedUpstream.Exchange exchange) throws IOException {
        RECEIVED.add(exchange.body());
        if (exchange.head().startsWith("POST /invocations ")) {
            exchange.json("{\"predictions\":[\"half \\ud83d of a character\"]}");
        } else if (exchange.body().contains("\"stream\":true")) {
            exchange.beginStream().say("half \\ud83d of a character").endStream();
        } else {
            exchange.chat("half \\ud83d of a character");
        }
    }

    @AfterAll
    static void stop() {
        gateway.close();
        upstream.close();
    }

    @Test
    @Proves(Row.JSON)
    void json_that_is_broken_is_refused_fast_in_the_words_of_each_surface() {
        int before = upstream.requests();
        int bodies = 0;
        long slowest = 0;

        for (Surface surface :
                Stream.concat(Surface.all(), Stream.of(Surface.limitsApi())).toList()) {
            for (Map.Entry<String, String> broken : BrokenBodies.of(surface).entrySet()) {
                String what = surface + ": " + broken.getKey();
                String request = head(surface.path(), broken.getValue().length()) + broken.getValue();
                long start = System.nanoTime();
                RawAnswer answer = sent(request);
                slowest = Math.max(slowest, System.nanoTime() - start);
                bodies++;
                assertThat(answer.status()).as(what + answer.body()).isEqualTo(surface.openAi() ? 400 : 422);
                assertThat(surface.isFailure(answer.body()))
                        .as(what + answer.body())
                        .isTrue();
                assertThat(answer.header("x-gateway-error-source")).isEqualTo("gateway");
                assertThat(answer.body().length()).as(what).isLessThan(6_000);
            }
        }

        assertThat(upstream.requests()).isEqualTo(before);
        assertThat(Duration.ofNanos(slowest)).isLessThan(MOST);
        Figures.seen(
                Row.JSON,
                "json_that_is_broken_is_refused_fast_in_the_words_of_each_surface",
                bodies + " bodies, up to 10 MiB: all 400 or 422, the slowest after " + slowest / 1_000_000
                        + " ms, sending it included; 0 calls upstream");
    }

    @Test
    @Proves(Row.JSON)
    void json_that_was_checked_is_byte_for_byte_what_goes_upstream() throws Exception {
        String odd = "\"\\u0061\\/b\" : [ 1.0E+2 ,-0.0, 1e9999 , " + "7".repeat(400)
                + ",\"\\ud800 \\uDE00\\ud83d\\ude00 \\u0000 日本\" , {\"\":{ } } ],\"api_base\":\"x\"";
        List<Surface> chats = Surface.all()
                .filter(surface -> surface.name().matches("(deployments|openai) chat.*"))
                .toList();
        RECEIVED.clear();

        for (Surface surface : chats) {
            String body = surface.jsonWith(odd);
            HttpResponse<String> answer = gateway.post(surface.path(), body);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(answer.body()).contains("half \\ud83d of a character");
            assertThat(RECEIVED.take()).isEqualTo(expected(surface, body));
        }

        Figures.seen(
                Row.JSON,
                "json_that_was_checked_is_byte_for_byte_what_goes_upstream",
                chats.size() + " surfaces: every name and value went on as the caller wrote it, with the model's name"
                        + " and, streamed, the wish for usage as the only change");
    }

    /** What the codec must change, in the place it has: everything else is the caller's. */
    private static String expected(Surface surface, String body) {
        String named = surface.openAi()
                ? body.replace("\"model\":\"chat\"", "\"model\":\"the-model\"")
                : body.substring(0, body.length() - 1) + ",\"model\":\"the-model\"}";
        return surface.streams()
                ? named.substring(0, named.length() - 1) + ",\"stream_options\":{\"include_usage\":true}}"
                : named;
    }

    @Test
    @Proves(Row.JSON)
    void json_with_half_a_character_in_a_text_is_never_a_500() {
        List<String> bodies = List.of(
                "{\"messages\":[{\"role\":\"user\",\"content\":\"a \\ud83d b\"}]}",
                "{\"messages\":[{\"role\":\"\\ude00\",\"content\":[{\"type\":\"text\",\"text\":\"\\ud83d\"}]}],\"x\":\"\\ud83d\"}",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"stop\":[\"\\ud83d\"],\"user\":\"\\ude00\"}",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"stop\":\"\\ud83d\"}",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"temperature\":\"\\ud83d\"}",
                "{\"messages\":\"\\ud83d\"}",
                "{\"model\":\"\\ud83d\",\"messages\":[]}",
                "{\"model\":\"chat\",\"messages\":\"\\ud83d\"}");
        List<String> paths = List.of(
                "/gateway/classic-chat/invocations",
                "/endpoints/chat/invocations",
                "/endpoints/served/invocations",
                "/gateway/echo/invocations",
                "/v1/chat/completions");
        int answers = 0;

        for (String path : paths) {
            for (String body : bodies) {
                HttpResponse<String> answer = gateway.post(path, body);
                answers++;
                assertThat(answer.statusCode()).as(path + body + answer.body()).isLessThan(500);
            }
        }

        Figures.seen(
                Row.JSON,
                "json_with_half_a_character_in_a_text_is_never_a_500",
                answers + " answers below 500 from providers that copy and providers that translate");
    }

    private static String head(String path, int length) {
        return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                + length + "\r\n\r\n";
    }

    private static RawAnswer sent(String request) {
        try (RawConnection caller = new RawConnection(gateway.port())) {
            return caller.send(request).answer();
        }
    }
}
