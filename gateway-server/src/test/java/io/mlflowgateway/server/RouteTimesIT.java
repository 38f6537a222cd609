package io.mlflowgateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.testing.DeafUpstream;
import io.mlflowgateway.server.testing.Eventually;
import io.mlflowgateway.server.testing.ScriptedUpstream;
import io.mlflowgateway.server.testing.TestGateway;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a route says of its own times and sizes holds for that route, and for no other. */
class RouteTimesIT {
    private static final Duration LIMIT = Duration.ofMillis(700);
    /** Half a second, and what a busy machine adds. */
    private static final Duration LATE = Duration.ofMillis(2_500);

    private static final String CHAT = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    private static final String STREAM = CHAT.replace("}]}", "}],\"stream\":true}");

    private static String route(String name, String base, String own) {
        return """
                  - name: %s
                    endpoint_type: llm/v1/chat
                    model: {provider: openai, name: %s, config: {openai_api_key: k, openai_api_base: '%s'}}
                """.formatted(name, name, base) + own.indent(4);
    }

    private static TestGateway gateway(Map<String, String> settings, String... routes) {
        return TestGateway.with("endpoints:\n" + String.join("", routes), settings);
    }

    private static CompletableFuture<HttpResponse<String>> call(TestGateway gateway, String route, String body) {
        return gateway.postAsync("/endpoints/" + route + "/invocations", body);
    }

    @ParameterizedTest
    @ValueSource(strings = {"connect", "tls-handshake", "first-byte", "stream-idle", "total"})
    void a_timer_of_a_route_fires_at_its_own_time_while_another_route_goes_on_waiting(String timer) {
        String body = timer.equals("stream-idle") ? STREAM : CHAT;
        try (DeafUpstream deaf = new DeafUpstream();
                ScriptedUpstream silent = new ScriptedUpstream(exchange -> keepSilent(exchange, timer));
                TestGateway gateway = gateway(
                        Map.of("connect-timeout", "20s", "tls-handshake-timeout", "20s"),
                        route("hasty", base(timer, deaf, silent), "timeouts: {" + timer + ": 700ms}"),
                        route("patient", base(timer, deaf, silent), ""))) {
            CompletableFuture<HttpResponse<String>> patient = call(gateway, "patient", body);
            long start = System.nanoTime();

            HttpResponse<String> hasty = call(gateway, "hasty", body).join();

            Duration took = Duration.ofNanos(System.nanoTime() - start);
            assertThat(took).isBetween(LIMIT, LIMIT.plus(LATE));
            assertThat(patient).isNotDone();
            if (body.equals(STREAM)) {
                assertThat(TestGateway.events(hasty)).hasSize(2);
                assertThat(hasty.body()).contains("upstream_timeout").doesNotContain("[DONE]");
            } else {
                assertThat(hasty.statusCode()).isEqualTo(504);
            }
        }
    }

    private static void keepSilent(ScriptedUpstream.Exchange exchange, String timer) throws IOException {
        if (timer.equals("stream-idle")) {
            exchange.beginStream().say("one");
        }
        exchange.awaitGone();
    }

    private static String base(String timer, DeafUpstream deaf, ScriptedUpstream silent) {
        return switch (timer) {
            case "connect" -> deaf.base();
            // It waits for a request in clear, so it never shakes hands.
            case "tls-handshake" -> silent.base().replace("http:", "https:");
            default -> silent.base();
        };
    }

    @Test
    void a_route_may_take_longer_in_total_than_the_server_says() {
        ScriptedUpstream.Script afterTwoSeconds = exchange -> {
            new CountDownLatch(1).await(2, TimeUnit.SECONDS);
            exchange.chat("at last");
        };
        try (ScriptedUpstream slow = new ScriptedUpstream(afterTwoSeconds);
                TestGateway gateway = gateway(
                        Map.of("total-timeout", "500ms"),
                        route("patient", slow.base(), "timeouts: {total: 20s}"),
                        route("plain", slow.base(), ""))) {
            CompletableFuture<HttpResponse<String>> patient = call(gateway, "patient", CHAT);

            HttpResponse<String> plain = call(gateway, "plain", CHAT).join();

            assertThat(plain.statusCode()).isEqualTo(504);
            assertThat(patient.join().statusCode()).isEqualTo(200);
            assertThat(patient.join().body()).contains("at last");
        }
    }

    @Test
    void a_split_goes_by_its_own_times_and_not_by_those_of_its_endpoints() {
        try (ScriptedUpstream silent = new ScriptedUpstream(ScriptedUpstream.Exchange::awaitGone);
                TestGateway gateway = TestGateway.with("endpoints:\n" + route("patient", silent.base(), "") + """
                        routes:
                          - name: split
                            task_type: llm/v1/chat
                            destinations: [{name: patient, traffic_percentage: 100}]
                            timeouts: {first-byte: 300ms}
                        """)) {
            CompletableFuture<HttpResponse<String>> patient = call(gateway, "patient", CHAT);

            HttpResponse<String> split = call(gateway, "split", CHAT).join();

            assertThat(split.statusCode()).isEqualTo(504);
            assertThat(patient).isNotDone();
        }
    }

    @Test
    void a_route_says_how_large_an_answer_may_be() {
        try (ScriptedUpstream wordy = new ScriptedUpstream(exchange -> exchange.chat("w".repeat(5_000)));
                TestGateway gateway = gateway(
                        Map.of("response-body-limit", "2KiB"),
                        route("small", wordy.base(), "limits: {response-body: 1KiB}"),
                        route("plain", wordy.base(), ""),
                        route("large", wordy.base(), "limits: {response-body: 1MiB}"))) {

            assertThat(call(gateway, "small", CHAT).join().body()).contains("limit of 1024 bytes");
            assertThat(call(gateway, "plain", CHAT).join().body()).contains("limit of 2048 bytes");
            assertThat(call(gateway, "large", CHAT).join().statusCode()).isEqualTo(200);
        }
    }

    @Test
    void calls_that_hang_on_one_routes_own_connections_hold_up_no_other_route_to_the_same_host() {
        CountDownLatch goOn = new CountDownLatch(1);
        ScriptedUpstream.Script script = exchange -> {
            if (exchange.body().contains("\"narrow\"")) {
                exchange.await(goOn);
            }
            exchange.chat("served");
        };
        try (ScriptedUpstream upstream = new ScriptedUpstream(script);
                TestGateway gateway = gateway(
                        Map.of(),
                        route("narrow", upstream.base(), "timeouts: {connect: 1s}\nlimits: {upstream-connections: 3}"),
                        route("wide", upstream.base(), ""))) {
            var hanging = Stream.generate(() -> call(gateway, "narrow", CHAT))
                    .limit(3)
                    .toList();
            Eventually.within(Duration.ofSeconds(10), "three are upstream", () -> upstream.requests() == 3);
            long start = System.nanoTime();

            CompletableFuture<HttpResponse<String>> onePastTheLimit = call(gateway, "narrow", CHAT);
            HttpResponse<String> other = call(gateway, "wide", CHAT).join();

            assertThat(other.statusCode()).isEqualTo(200);
            assertThat(onePastTheLimit).isNotDone();
            HttpResponse<String> refused = onePastTheLimit.join();
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(Duration.ofMillis(900), Duration.ofSeconds(1).plus(LATE));
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("retry-after")).contains("1");
            assertThat(refused.body()).contains("in use");
            goOn.countDown();
            assertThat(hanging)
                    .allSatisfy(call -> assertThat(call.join().statusCode()).isEqualTo(200));
            assertThat(call(gateway, "narrow", CHAT).join().statusCode()).isEqualTo(200);
            assertThat(upstream.connections()).isEqualTo(4);
        }
    }
}
