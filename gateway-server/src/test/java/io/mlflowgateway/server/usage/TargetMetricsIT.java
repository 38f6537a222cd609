package io.mlflowgateway.server.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.testing.Eventually;
import io.mlflowgateway.server.testing.RawConnection;
import io.mlflowgateway.server.testing.Scrape;
import io.mlflowgateway.server.testing.ScriptedUpstream;
import io.mlflowgateway.server.testing.TestGateway;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What the metrics say of targets, over whole calls. */
class TargetMetricsIT {
    private static final String CALL = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    private static final String BUSY =
            "HTTP/1.1 503 Busy\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";
    private static final String PLAIN = """
            endpoints:
              - {name: plain, endpoint_type: llm/v1/chat, model: %s}
            """;
    private static final String WATCHED = PLAIN + """
              - name: watched
                endpoint_type: llm/v1/chat
                targets:
                  - {name: first, model: %s}
                  - {name: second, model: %s}
                routing:
                  balance: in-order
                  retries: {attempts: 1, backoff: 1ms}
                  breaker: {failures: 4, within: 30s, cooldown: 5m}
            """;

    private static String model(ScriptedUpstream upstream) {
        return "{provider: openai, name: m, config: {openai_api_key: k, openai_api_base: '" + upstream.base() + "'}}";
    }

    private static Scrape scrape(TestGateway gateway) {
        return new Scrape(gateway.get("/metrics").body());
    }

    private static double attempts(Scrape page, String route, String target, String outcome) {
        return page.sum(
                "gateway_upstream_attempts_total",
                "route=\"" + route + "\"",
                "target=\"" + target + "\"",
                "outcome=\"" + outcome + "\"");
    }

    @Test
    void attempts_extra_attempts_and_states_of_watched_targets_are_shown() {
        try (ScriptedUpstream busy = new ScriptedUpstream(exchange -> exchange.send(BUSY));
                ScriptedUpstream well = new ScriptedUpstream(exchange -> exchange.chat("well"));
                TestGateway gateway = TestGateway.with(WATCHED.formatted(model(well), model(busy), model(well)))) {
            gateway.post("/endpoints/watched/invocations", CALL);
            Scrape first = scrape(gateway);
            for (int call = 0; call < 9; call++) {
                gateway.post("/endpoints/watched/invocations", CALL);
            }

            Scrape page = scrape(gateway);

            assertThat(attempts(first, "watched", "first", "failed")).isEqualTo(2);
            assertThat(first.sum("gateway_target_state", "target=\"first\"")).isZero();
            assertThat(attempts(page, "watched", "first", "failed"))
                    .isEqualTo(4)
                    .isEqualTo(busy.requests());
            assertThat(attempts(page, "watched", "second", "answered")).isEqualTo(10);
            assertThat(page.sum("gateway_extra_attempts_total", "route=\"watched\"", "reason=\"retry\""))
                    .isEqualTo(2);
            assertThat(page.sum("gateway_extra_attempts_total", "route=\"watched\"", "reason=\"fallback\""))
                    .isEqualTo(2);
            assertThat(page.samples("gateway_target_state"))
                    .containsExactlyInAnyOrder(
                            "gateway_target_state{route=\"watched\",target=\"first\"} 1.0",
                            "gateway_target_state{route=\"watched\",target=\"second\"} 0.0");

            gateway.reload(PLAIN.formatted(model(well)));

            assertThat(scrape(gateway).samples("gateway_target_state")).isEmpty();
        }
    }

    @Test
    void attempts_of_plain_routes_are_counted_by_how_their_call_ended() {
        try (ScriptedUpstream upstream = new ScriptedUpstream(exchange -> {
                    if (exchange.body().contains("busy")) {
                        exchange.send(BUSY);
                    } else if (exchange.body().contains("wrong")) {
                        exchange.send(BUSY.replace("503 Busy", "400 Bad"));
                    } else if (exchange.body().contains("wait")) {
                        exchange.awaitGone();
                    } else if (exchange.body().contains("break")) {
                        exchange.beginStream().say("one").reset();
                    } else {
                        exchange.chat("well");
                    }
                });
                TestGateway gateway = TestGateway.with(PLAIN.formatted(model(upstream)))) {
            for (String said : new String[] {"hi", "busy", "wrong"}) {
                gateway.post("/endpoints/plain/invocations", CALL.replace("hi", said));
            }
            gateway.post(
                    "/endpoints/plain/invocations", CALL.replace("hi", "break").replace("}]}", "}],\"stream\":true}"));
            try (RawConnection caller = new RawConnection(gateway.port())) {
                caller.post("/endpoints/plain/invocations", CALL.replace("hi", "wait"));
                Eventually.within(Duration.ofSeconds(10), "the call is upstream", () -> upstream.requests() == 5);
            }

            Eventually.within(
                    Duration.ofSeconds(10),
                    "all are counted",
                    () -> scrape(gateway).sum("gateway_upstream_attempts_total", "route=\"plain\"") == 5);
            Scrape page = scrape(gateway);
            for (String outcome : new String[] {"answered", "failed", "refused", "broke_off", "left"}) {
                assertThat(page.sum("gateway_upstream_attempts_total", "outcome=\"" + outcome + "\""))
                        .as(outcome)
                        .isEqualTo(1);
            }
        }
    }
}
