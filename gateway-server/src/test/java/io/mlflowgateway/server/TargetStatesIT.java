package io.mlflowgateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.testing.Eventually;
import io.mlflowgateway.server.testing.ScriptedUpstream;
import io.mlflowgateway.server.testing.TestGateway;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** How targets are, as operators see it, over calls and reloads. */
class TargetStatesIT {
    private static final String CHAT = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    private static final String BUSY =
            "HTTP/1.1 503 Busy\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";

    private static String route(String routing, ScriptedUpstream... upstreams) {
        StringBuilder yaml = new StringBuilder("""
                endpoints:
                  - name: chat
                    endpoint_type: llm/v1/chat
                    targets:
                """);
        for (int i = 0; i < upstreams.length; i++) {
            yaml.append("""
                          - name: t%d
                            model: {provider: openai, name: m%d, config: {openai_api_key: hidden-k, openai_api_base: '%s'}}
                    """.formatted(i, i, upstreams[i].base()));
        }
        return yaml + routing.indent(4);
    }

    private static JsonNode target(TestGateway gateway, int index) {
        try {
            String body = gateway.get("/api/gateway/targets").body();
            assertThat(body).doesNotContain("hidden-k").doesNotContain("127.0.0.1");
            return Json.tree(body.getBytes(StandardCharsets.UTF_8)).at("/routes/0/targets/" + index);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void an_open_circuit_is_shown_with_its_reason_and_outlives_a_reload() {
        String routing = "routing: {balance: in-order, breaker: {failures: 2, within: 30s, cooldown: 5m}}";
        try (ScriptedUpstream busy = new ScriptedUpstream(exchange -> exchange.send(BUSY));
                ScriptedUpstream well = new ScriptedUpstream(exchange -> exchange.chat("well"));
                TestGateway gateway = TestGateway.with(route(routing, busy, well))) {
            for (int call = 0; call < 10; call++) {
                assertThat(gateway.post("/endpoints/chat/invocations", CHAT).statusCode())
                        .isEqualTo(200);
            }

            gateway.reload("# another version\n" + route(routing, busy, well));
            gateway.post("/endpoints/chat/invocations", CHAT);

            JsonNode first = target(gateway, 0);
            assertThat(busy.requests()).isEqualTo(2);
            assertThat(first.path("state").asText()).isEqualTo("open");
            assertThat(first.path("reason").asText()).isEqualTo("it failed: 503 upstream_refused");
            assertThat(Instant.parse(first.path("until").asText()))
                    .isBetween(
                            Instant.parse(first.path("since").asText()).plusSeconds(299),
                            Instant.now().plusSeconds(301));
            assertThat(first.at("/attempts/failed").asInt()).isEqualTo(2);
            assertThat(first.at("/last_failure/reason").asText()).isEqualTo("503 upstream_refused");
            assertThat(first.at("/last_failure/at").asText())
                    .isEqualTo(first.path("since").asText());
            JsonNode second = target(gateway, 1);
            assertThat(second.path("state").asText()).isEqualTo("closed");
            assertThat(second.has("until")).isFalse();
            assertThat(second.at("/attempts/answered").asInt()).isEqualTo(11);
            assertThat(second.path("latency_ms").asDouble()).isPositive();
        }
    }

    @Test
    void connections_that_are_refused_open_the_circuit() {
        ScriptedUpstream gone = new ScriptedUpstream(exchange -> exchange.chat("never"));
        String routing = "routing: {balance: in-order, breaker: {failures: 2, within: 30s, cooldown: 5m}}";
        try (ScriptedUpstream well = new ScriptedUpstream(exchange -> exchange.chat("well"));
                TestGateway gateway = TestGateway.with(route(routing, gone, well))) {
            gone.close();

            for (int call = 0; call < 4; call++) {
                assertThat(gateway.post("/endpoints/chat/invocations", CHAT).statusCode())
                        .isEqualTo(200);
            }

            assertThat(target(gateway, 0).path("reason").asText()).isEqualTo("it failed: 502 upstream_unreachable");
            assertThat(target(gateway, 0).at("/attempts/failed").asInt()).isEqualTo(2);
        }
    }

    @Test
    void a_pool_that_is_full_opens_no_circuit() {
        CountDownLatch goOn = new CountDownLatch(1);
        String own = "limits: {upstream-connections: 1}\ntimeouts: {connect: 200ms}\n"
                + "routing: {breaker: {failures: 1, within: 30s, cooldown: 5m}}";
        try (ScriptedUpstream slow =
                        new ScriptedUpstream(exchange -> exchange.await(goOn).chat("well"));
                TestGateway gateway = TestGateway.with(route(own, slow))) {
            var inside = gateway.postAsync("/endpoints/chat/invocations", CHAT);
            Eventually.within(Duration.ofSeconds(10), "the connection is taken", () -> slow.requests() == 1);

            int outside = gateway.post("/endpoints/chat/invocations", CHAT).statusCode();
            goOn.countDown();

            assertThat(outside).isEqualTo(503);
            assertThat(inside.join().statusCode()).isEqualTo(200);
            assertThat(target(gateway, 0).path("state").asText()).isEqualTo("closed");
            assertThat(target(gateway, 0).at("/attempts/left").asInt()).isEqualTo(1);
        }
    }

    @Test
    void a_target_that_changed_begins_anew() {
        String routing = "routing: {balance: in-order, breaker: {failures: 1, within: 30s, cooldown: 5m}}";
        try (ScriptedUpstream busy = new ScriptedUpstream(exchange -> exchange.send(BUSY));
                ScriptedUpstream well = new ScriptedUpstream(exchange -> exchange.chat("well"));
                TestGateway gateway = TestGateway.with(route(routing, busy, well))) {
            gateway.post("/endpoints/chat/invocations", CHAT);

            gateway.reload(route(routing, well, well));

            assertThat(target(gateway, 0).path("state").asText()).isEqualTo("closed");
        }
    }

    @Test
    void a_target_is_counted_as_busy_while_its_stream_runs() {
        CountDownLatch goOn = new CountDownLatch(1);
        try (ScriptedUpstream slow = new ScriptedUpstream(exchange ->
                        exchange.beginStream().say("one").await(goOn).endStream());
                TestGateway gateway = TestGateway.with(route("routing: {balance: least-busy}", slow))) {
            var answer = gateway.postAsync("/endpoints/chat/invocations", CHAT.replace("}]}", "}],\"stream\":true}"));
            Eventually.within(
                    Duration.ofSeconds(10),
                    "its answer has begun",
                    () -> target(gateway, 0).at("/attempts/answered").asInt() == 1);

            int during = target(gateway, 0).path("in_flight").asInt();
            goOn.countDown();

            assertThat(during).isEqualTo(1);
            assertThat(answer.join().body()).contains("[DONE]");
            Eventually.within(
                    Duration.ofSeconds(10),
                    "it is over",
                    () -> target(gateway, 0).path("in_flight").asInt() == 0);
        }
    }
}
