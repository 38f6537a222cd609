package io.mlflowgateway.server.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.mlflowgateway.server.api.Surfaces;
import io.mlflowgateway.server.config.RouteConfig;
import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.http.Head;
import io.mlflowgateway.server.query.Ending;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Notes;
import io.mlflowgateway.server.query.QueryPipeline;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.reliability.Figures;
import io.mlflowgateway.server.reliability.Proves;
import io.mlflowgateway.server.reliability.Row;
import io.mlflowgateway.server.routing.RouteTable;
import io.mlflowgateway.server.routing.Routes;
import io.mlflowgateway.server.routing.TargetRoute;
import io.mlflowgateway.server.testing.Await;
import io.mlflowgateway.server.testing.RawConnection;
import io.mlflowgateway.server.testing.Scrape;
import io.mlflowgateway.server.testing.TestGateway;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Names that callers make up, by the million. */
class MetricLabelsIT {
    private static final int IN_PROCESS = 1_000_000;
    private static final int OVER_HTTP = 3_000;

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final CallMetrics metrics = new CallMetrics(registry);
    private final Surfaces surfaces = surfaces();

    private static Surfaces surfaces() {
        RouteConfig.Target target = new RouteConfig.Target("chat", "echo", "echo", Settings.NONE, 100);
        RouteConfig chat =
                new RouteConfig("chat", Task.CHAT, false, List.of(target), false, Optional.empty(), Map.of());
        TargetRoute route = new TargetRoute(
                chat, Optional.empty(), call -> Mono.error(Failure.of(Failure.Kind.UPSTREAM_TIMEOUT, "late")));
        return new Surfaces(
                new Routes(new RouteTable(List.of(route), "1")),
                new QueryPipeline(List.of(new RecordUsage())),
                Map.of(),
                "1",
                0);
    }

    /** One exchange as the edge has it: matched, asked, refused, told. */
    private void exchange(String path, String body) {
        Notes notes = new Notes("id", "POST", path, Duration.ofSeconds(5));
        Head head = new Head("id", "POST", path, "", name -> "application/json", false, notes);
        metrics.began(notes);
        Failure failure = refusal(head, body.getBytes(StandardCharsets.UTF_8));
        metrics.ended(
                notes,
                new Ending(
                        Ending.Outcome.ANSWERED, failure.status(), Optional.of(failure), 1, 1, Duration.ofMillis(1)));
    }

    private Failure refusal(Head head, byte[] body) {
        try {
            return Await.failure(surfaces.endpoint(head).answer(head, body));
        } catch (Failure refused) {
            return refused;
        }
    }

    private void exchanges(int i) {
        exchange("/gateway/invented-" + i + "/invocations", "{}");
        exchange("/v1/chat/completions", "{\"model\":\"invented-" + i + "\",\"messages\":[]}");
        exchange("/endpoints/chat/invocations", "{\"messages\":[],\"stream\":" + (i % 2 == 0) + "}");
    }

    @Proves(Row.METRIC_LABELS)
    @Test
    void metric_labels_stay_those_of_the_configuration_after_a_million_invented_names() {
        metrics.inForce(List.of("chat"));
        for (int i = 0; i < 10; i++) {
            exchanges(i);
        }
        Scrape before = new Scrape(registry.scrape());

        for (int i = 10; i < IN_PROCESS / 2 + 10; i++) {
            exchanges(i);
        }

        Scrape after = new Scrape(registry.scrape());
        assertThat(after.series()).isEqualTo(before.series());
        assertThat(after.text()).doesNotContain("invented");
        // Only digits are more.
        assertThat(after.text().length() - before.text().length()).isLessThan(20 * (int) after.series());
        assertThat(after.sum("gateway_calls_total", "route=\"none\"")).isEqualTo(IN_PROCESS + 20);
        assertThat(after.sum("gateway_calls_total", "route=\"chat\"")).isEqualTo(IN_PROCESS / 2.0 + 10);
        Figures.seen(
                Row.METRIC_LABELS,
                "metric_labels_stay_those_of_the_configuration_after_a_million_invented_names",
                IN_PROCESS + " invented route and model names: " + before.series() + " series before, " + after.series()
                        + " after; " + before.text().length() + " characters before, "
                        + after.text().length() + " after");
    }

    @Proves(Row.METRIC_LABELS)
    @Test
    void metric_labels_stay_those_of_the_configuration_over_http_too() {
        try (TestGateway gateway = TestGateway.with("endpoints:\n  - name: chat\n    endpoint_type: llm/v1/chat\n"
                        + "    model: {provider: echo, name: echo, config: {}}\n");
                RawConnection caller = new RawConnection(gateway.port())) {
            for (int i = 0; i < 10; i++) {
                invent(caller, i);
            }
            Scrape.of(gateway.port());
            Scrape before = Scrape.of(gateway.port());

            for (int i = 10; i < OVER_HTTP / 3 + 10; i++) {
                invent(caller, i);
            }

            Scrape after = Scrape.of(gateway.port());
            assertThat(ours(after)).isEqualTo(ours(before));
            assertThat(after.text()).doesNotContain("invented");
            assertThat(after.sum("gateway_calls_total", "route=\"none\"")).isGreaterThanOrEqualTo(OVER_HTTP);
            Figures.seen(
                    Row.METRIC_LABELS,
                    "metric_labels_stay_those_of_the_configuration_over_http_too",
                    OVER_HTTP + " invented names, methods and paths over HTTP: "
                            + ours(before).size() + " series of the gateway before, "
                            + ours(after).size() + " after");
        }
    }

    /** Names and labels, without their values. */
    private static Set<String> ours(Scrape page) {
        return page.text()
                .lines()
                .filter(line -> line.startsWith("gateway_"))
                .map(line -> line.substring(0, line.lastIndexOf(' ')))
                .collect(Collectors.toSet());
    }

    private static void invent(RawConnection caller, int i) {
        assertThat(caller.post("/endpoints/invented-" + i + "/invocations", "{}")
                        .answer()
                        .status())
                .isEqualTo(404);
        assertThat(caller.post("/v1/chat/completions", "{\"model\":\"invented-" + i + "\",\"messages\":[]}")
                        .answer()
                        .status())
                .isEqualTo(404);
        assertThat(caller.send("INVENTED" + i + " /invented-" + i + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                        .answer()
                        .status())
                .isEqualTo(404);
    }
}
