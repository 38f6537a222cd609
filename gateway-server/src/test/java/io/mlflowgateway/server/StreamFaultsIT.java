package io.mlflowgateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.testing.Eventually;
import io.mlflowgateway.server.testing.RawConnection;
import io.mlflowgateway.server.testing.ScriptedUpstream;
import io.mlflowgateway.server.testing.ScriptedUpstream.Script;
import io.mlflowgateway.server.testing.TestGateway;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong between the first and the last byte of a stream, seen from the caller's and the upstream's side. */
class StreamFaultsIT {
    private static final String CHAT = "{\"model\":\"chat\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]%s}";
    private static final String STREAM = String.format(CHAT, ",\"stream\":true");

    private ScriptedUpstream upstream = new ScriptedUpstream(exchange -> exchange.chat("unused"));
    private TestGateway gateway = start(exchange -> exchange.chat("unused"), Map.of());

    private TestGateway start(Script script, Map<String, String> settings) {
        stop();
        upstream = new ScriptedUpstream(script);
        gateway = TestGateway.inFrontOf(upstream, settings);
        return gateway;
    }

    @AfterEach
    void stop() {
        if (gateway != null) {
            gateway.close();
            upstream.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cut", "reset", "end", "garbage", "error event", "bad chunk"})
    void a_stream_that_breaks_never_looks_complete(String fault) {
        start(
                exchange -> {
                    exchange.beginStream().say("one");
                    switch (fault) {
                        case "reset" -> exchange.reset();
                        case "end" -> exchange.send("0\r\n\r\n");
                        case "garbage" -> exchange.part("data: {not json\n\n").awaitGone();
                        case "error event" ->
                            exchange.part("data: {\"error\":{\"message\":\"overloaded\"}}\n\n")
                                    .awaitGone();
                        case "bad chunk" -> exchange.send("zz\r\nxx").awaitGone();
                        default -> throw new IOException("cut");
                    }
                },
                Map.of());

        List<String> events = TestGateway.events(gateway.post("/v1/chat/completions", STREAM));

        assertThat(events).hasSize(2);
        assertThat(events.get(0)).contains("\"one\"");
        assertThat(events.get(1)).startsWith("{\"error\":{").doesNotContain("[DONE]");
    }

    @Test
    void a_stall_ends_with_an_error_event_after_the_idle_time() {
        start(exchange -> exchange.beginStream().say("one").awaitGone(), Map.of("stream-idle-timeout", "300ms"));

        List<String> events = TestGateway.events(gateway.post("/v1/chat/completions", STREAM));

        assertThat(events).hasSize(2);
        assertThat(events.get(1)).contains("error");
        Eventually.within(Duration.ofSeconds(1), "the upstream is let go", () -> upstream.openConnections() == 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",\"stream\":true"})
    void silence_is_504_after_the_first_byte_time(String stream) {
        start(ScriptedUpstream.Exchange::awaitGone, Map.of("first-byte-timeout", "300ms"));

        HttpResponse<String> answer = gateway.post("/v1/chat/completions", String.format(CHAT, stream));

        assertThat(answer.statusCode()).isEqualTo(504);
        assertThat(answer.headers().firstValue("x-gateway-error-source")).contains("upstream");
        Eventually.within(Duration.ofSeconds(1), "the upstream is let go", () -> upstream.openConnections() == 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",\"stream\":true"})
    void the_total_time_ends_a_trickle(String stream) {
        start(
                exchange -> {
                    if (stream.isEmpty()) {
                        exchange.send(
                                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n");
                    } else {
                        exchange.beginStream();
                    }
                    exchange.awaitGone();
                },
                Map.of("total-timeout", "500ms"));

        HttpResponse<String> answer = gateway.post("/v1/chat/completions", String.format(CHAT, stream));

        assertThat(answer.statusCode()).isEqualTo(504);
    }

    @Test
    void an_unreachable_upstream_is_502() {
        upstream.close();

        HttpResponse<String> answer = gateway.post("/v1/chat/completions", STREAM);

        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.body()).contains("\"error\"");
    }

    @Test
    void a_running_stream_finishes_on_the_routes_it_began_with() {
        CountDownLatch reloaded = new CountDownLatch(1);
        start(
                exchange -> {
                    exchange.beginStream().say("one").await(reloaded).say("two");
                    exchange.endStream();
                },
                Map.of());
        RawConnection caller = new RawConnection(gateway.port()).post("/v1/chat/completions", STREAM);
        caller.readUntil("one");

        gateway.reload("endpoints: []");
        reloaded.countDown();

        assertThat(caller.readUntil("[DONE]")).contains("two").doesNotContain("error");
        assertThat(gateway.post("/v1/chat/completions", STREAM).statusCode()).isEqualTo(404);
        caller.close();
    }
}
