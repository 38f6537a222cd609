package io.mlflowgateway.server.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.mlflowgateway.server.query.Ending;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Notes;
import io.mlflowgateway.server.query.Price;
import io.mlflowgateway.server.query.Pricing;
import io.mlflowgateway.server.query.TokenClass;
import io.mlflowgateway.server.query.Usage;
import io.mlflowgateway.server.testing.Calls;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CallMetricsTest {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final CallMetrics metrics = new CallMetrics(registry);

    private static Notes notes(String route) {
        Notes notes = Calls.notes();
        notes.asks(Calls.route(route, Optional.empty()));
        return notes;
    }

    private static Ending ending(int status, Optional<Failure> failure) {
        return new Ending(Ending.Outcome.ANSWERED, status, failure, 10, 20, Duration.ofMillis(30));
    }

    private void call(String route) {
        Notes notes = notes(route);
        notes.answerBegins();
        notes.used(new Usage(3, 4));
        end(notes, ending(200, Optional.empty()));
    }

    private void end(Notes notes, Ending ending) {
        metrics.began(notes);
        metrics.ended(notes, ending);
    }

    private List<String> samples(String start) {
        return registry.scrape().lines().filter(line -> line.startsWith(start)).toList();
    }

    private void priced(String target, Pricing pricing) {
        Notes notes = notes("chat");
        notes.tries(new Notes.Target(target, "openai", "m", pricing));
        notes.used(new Usage(1_000_000, 0));
        end(notes, ending(200, Optional.empty()));
    }

    @Test
    void what_calls_cost_is_added_up_by_target_and_calls_of_unknown_price_are_counted() {
        Price price = Price.of(Map.of(TokenClass.INPUT, BigDecimal.valueOf(2)));
        metrics.inForce(List.of("chat"));

        priced("known", Pricing.of(price));
        priced("known", Pricing.of(price));
        priced("assumed", Pricing.assumed(price));
        priced("unknown", Pricing.UNKNOWN);
        priced("refused", Pricing.REFUSED);

        assertThat(samples("gateway_cost_usd_total"))
                .containsExactly(
                        "gateway_cost_usd_total{route=\"chat\",target=\"assumed\"} 2.0",
                        "gateway_cost_usd_total{route=\"chat\",target=\"known\"} 4.0");
        assertThat(samples("gateway_unknown_price_total"))
                .containsExactly(
                        "gateway_unknown_price_total{route=\"chat\",target=\"assumed\"} 1.0",
                        "gateway_unknown_price_total{route=\"chat\",target=\"refused\"} 1.0",
                        "gateway_unknown_price_total{route=\"chat\",target=\"unknown\"} 1.0");

        metrics.inForce(List.of());
        metrics.inForce(List.of());

        assertThat(samples("gateway_cost_usd_total")).isEmpty();
        assertThat(samples("gateway_unknown_price_total")).isEmpty();
    }

    @Test
    void a_call_is_counted_timed_and_its_tokens_added() {
        metrics.inForce(List.of("chat"));

        call("chat");
        call("chat");

        assertThat(samples("gateway_calls_total"))
                .containsExactly(
                        "gateway_calls_total{outcome=\"answered\",route=\"chat\",source=\"none\",status=\"200\","
                                + "stream=\"false\",task=\"llm/v1/chat\"} 2.0");
        assertThat(samples("gateway_call_duration_seconds_bucket"))
                .contains("gateway_call_duration_seconds_bucket{route=\"chat\",stream=\"false\",le=\"0.025\"} 0")
                .contains("gateway_call_duration_seconds_bucket{route=\"chat\",stream=\"false\",le=\"0.1\"} 2")
                .hasSize(15);
        assertThat(samples("gateway_time_to_first_piece_seconds_count"))
                .containsExactly("gateway_time_to_first_piece_seconds_count{route=\"chat\",stream=\"false\"} 2");
        assertThat(samples("gateway_tokens_total"))
                .containsExactly(
                        "gateway_tokens_total{direction=\"completion\",route=\"chat\"} 8.0",
                        "gateway_tokens_total{direction=\"prompt\",route=\"chat\"} 6.0");
        assertThat(samples("gateway_upstream_errors")).isEmpty();
    }

    @Test
    void an_upstreams_failure_is_counted_by_provider_and_kind() {
        metrics.inForce(List.of("chat"));
        Notes notes = notes("chat");
        notes.tries(new Notes.Target("openai/gpt", "openai", "gpt"));

        end(notes, ending(429, Optional.of(Failure.upstream(429, "slow down").code("made_up"))));

        assertThat(samples("gateway_upstream_errors_total"))
                .containsExactly("gateway_upstream_errors_total{code=\"upstream_refused\",provider=\"openai\","
                        + "route=\"chat\"} 1.0");
        assertThat(samples("gateway_calls_total"))
                .singleElement()
                .asString()
                .contains("status=\"429\"", "source=\"upstream\"");
    }

    @Test
    void a_refusal_without_a_failure_is_the_gateways() {
        end(Calls.notes(), ending(405, Optional.empty()));

        assertThat(samples("gateway_calls_total"))
                .containsExactly("gateway_calls_total{outcome=\"answered\",route=\"none\",source=\"gateway\","
                        + "status=\"405\",stream=\"false\",task=\"none\"} 1.0");
    }

    @Test
    void a_route_that_has_the_name_for_no_route_leaves_the_series_of_those_calls_behind() {
        end(Calls.notes(), ending(404, Optional.empty()));
        metrics.inForce(List.of("none", "chat"));
        call("none");
        metrics.inForce(List.of("chat"));
        metrics.inForce(List.of("chat"));

        end(Calls.notes(), ending(404, Optional.empty()));

        assertThat(samples("gateway_calls_total"))
                .filteredOn(sample -> sample.contains("status=\"404\""))
                .singleElement()
                .asString()
                .endsWith(" 2.0");
    }

    @Test
    void what_differs_in_any_way_is_another_series() {
        metrics.inForce(List.of("chat"));
        for (Ending.Outcome outcome : Ending.Outcome.values()) {
            for (boolean streams : List.of(true, false)) {
                for (int status : List.of(0, 200, 404, 599)) {
                    for (Failure.Kind kind : List.of(Failure.Kind.NOT_FOUND, Failure.Kind.UPSTREAM_TIMEOUT)) {
                        Notes notes = notes("chat");
                        if (streams) {
                            notes.asksForStream();
                        }
                        Failure failure = Failure.of(kind, "no");
                        end(notes, new Ending(outcome, status, Optional.of(failure), 0, 0, Duration.ZERO));
                    }
                }
            }
        }

        assertThat(samples("gateway_calls_total")).hasSize(3 * 2 * 4 * 2).allMatch(line -> line.endsWith(" 1.0"));
    }

    @Test
    void running_exchanges_are_those_that_began_and_did_not_end() {
        Notes first = Calls.notes();
        metrics.began(first);
        metrics.began(Calls.notes());

        metrics.ended(first, ending(200, Optional.empty()));

        assertThat(metrics.inFlight()).isEqualTo(1);
    }

    @Test
    void a_route_that_is_not_in_the_configuration_has_no_series() {
        metrics.inForce(List.of("chat"));
        call("none-such");
        long series = registry.getMeters().size();

        IntStream.range(0, 10_000).forEach(i -> call("invented-" + i));

        assertThat(registry.getMeters()).hasSize((int) series);
        assertThat(registry.scrape()).doesNotContain("invented", "none-such").contains("route=\"none\"");
    }

    @Test
    void the_series_of_a_route_that_left_stay_until_the_next_reload() {
        metrics.inForce(List.of("stays", "leaves"));
        call("stays");
        call("leaves");

        metrics.inForce(List.of("stays"));
        call("leaves");
        assertThat(samples("gateway_calls_total{"))
                .anyMatch(line -> line.contains("\"leaves\"") && line.endsWith(" 2.0"));

        metrics.inForce(List.of("stays"));
        call("leaves");
        call("stays");

        assertThat(registry.scrape()).doesNotContain("\"leaves\"").contains("route=\"none\"");
        assertThat(samples("gateway_calls_total{"))
                .anyMatch(line -> line.contains("\"stays\"") && line.endsWith(" 2.0"));
    }

    @Test
    void reloads_with_other_names_leave_nothing_behind() {
        List<Integer> sizes = new ArrayList<>();
        for (int reload = 0; reload < 100; reload++) {
            List<String> names = List.of("a-" + reload, "b-" + reload);
            metrics.inForce(names);
            names.forEach(this::call);
            sizes.add(registry.getMeters().size());
        }

        assertThat(sizes.subList(2, 100)).containsOnly(sizes.get(2));
        assertThat(registry.scrape().length()).isLessThan(40_000);
    }

    @Test
    void a_route_that_comes_back_counts_from_zero() {
        metrics.inForce(List.of("chat"));
        call("chat");
        metrics.inForce(List.of());
        metrics.inForce(List.of());

        metrics.inForce(List.of("chat"));
        call("chat");

        assertThat(samples("gateway_calls_total{")).singleElement().asString().endsWith(" 1.0");
    }

    @Test
    void past_a_thousand_called_routes_the_rest_share_their_series() {
        List<String> names =
                IntStream.range(0, 1_200).mapToObj(i -> "route-" + i).toList();
        metrics.inForce(names);

        names.forEach(this::call);

        assertThat(samples("gateway_calls_total{"))
                .hasSize(CallMetrics.MOST_ROUTES + 1)
                .anyMatch(line -> line.contains("route=\"other\"") && line.endsWith(" 200.0"));
        metrics.inForce(List.of("new"));
        metrics.inForce(List.of("new"));
        call("new");
        assertThat(samples("gateway_calls_total{")).anyMatch(line -> line.contains("route=\"new\""));
    }

    @Test
    void of_a_route_with_very_many_targets_the_last_ones_share_series() {
        metrics.inForce(List.of("chat"));

        for (int target = 0; target < 200; target++) {
            metrics.attempts("chat", "t" + target, "answered", 1);
        }

        assertThat(samples("gateway_upstream_attempts_total{"))
                .hasSize(65)
                .anyMatch(line -> line.contains("target=\"other\"") && line.endsWith(" 136.0"));
    }

    @Test
    void meters_made_while_their_route_goes_are_not_left_behind() {
        RouteSeries series = new RouteSeries(registry, "chat");
        series.ended(notes("chat"), ending(200, Optional.empty()));
        series.close();

        series.ended(notes("chat"), ending(200, Optional.empty()));

        assertThat(registry.getMeters()).extracting(Meter::getId).isEmpty();
    }
}
