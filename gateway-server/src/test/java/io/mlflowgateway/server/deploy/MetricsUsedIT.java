package io.mlflowgateway.server.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Alerts and dashboard ask for what a running gateway shows, by the names it shows. */
class MetricsUsedIT {
    /** Prometheus adds them to every metric, and this one metric of its own for each gateway. */
    private static final Set<String> ADDED = Set.of("job", "instance");

    private static final String UP = "up";

    /** Their values are as many as callers, operators and providers make them. */
    private static final Set<String> OF_ANY_VALUE = Set.of("job", "instance", "route", "status");

    private static Scrape shown = new Scrape("");

    @BeforeAll
    static void scrape() {
        shown = ShownMetrics.live();
    }

    static Stream<Query> queries() throws IOException {
        return Stream.concat(Query.ofAlerts().stream(), Query.ofDashboard().stream());
    }

    @ParameterizedTest
    @MethodSource("queries")
    void every_metric_and_label_asked_for_is_shown(Query query) {
        assertThat(unknown(query.asks())).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("queries")
    void every_value_a_label_is_compared_with_occurs(Query query) {
        for (Map.Entry<String, Set<String>> each : query.asks().matched().entrySet()) {
            if (!OF_ANY_VALUE.contains(each.getKey())) {
                Set<String> occurring = new TreeSet<>();
                query.asks().metrics().forEach(metric -> occurring.addAll(shown.values(metric, each.getKey())));
                assertThat(occurring).as(each.getKey()).containsAll(each.getValue());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("queries")
    void every_label_in_a_text_is_one_of_the_result(Query query) {
        Set<String> ofResult = new HashSet<>(query.asks().groupedBy());
        if (ofResult.isEmpty()) {
            ofResult.addAll(ADDED);
            query.asks().metrics().forEach(metric -> ofResult.addAll(shown.labels(metric)));
        }

        assertThat(ofResult).containsAll(Promql.shown(query.text()));
    }

    @Test
    void a_name_that_is_not_shown_is_found() {
        assertThat(unknown(new Promql("sum by (route) (rate(gateway_calls_total{outcome=\"cut\"}[5m]))")))
                .isEmpty();
        assertThat(unknown(new Promql("rate(gateway_call_total[5m]) / up"))).containsExactly("gateway_call_total");
        assertThat(unknown(new Promql("sum by (user) (gateway_calls_total)")))
                .containsExactly("gateway_calls_total{user}");
    }

    @Test
    void what_there_is_to_see_is_on_the_dashboard_or_in_an_alert() throws IOException {
        Set<String> asked = new HashSet<>();
        queries().forEach(query -> query.asks().metrics().forEach(metric -> asked.add(family(metric))));

        assertThat(asked)
                .containsAll(shown.names().stream()
                        .filter(name -> name.startsWith("gateway_"))
                        .map(MetricsUsedIT::family)
                        .toList());
    }

    @Test
    void panels_have_a_number_of_their_own_and_do_not_overlap() throws IOException {
        Set<Integer> numbers = new HashSet<>();
        Set<String> covered = new HashSet<>();
        for (JsonNode panel : Query.dashboard().path("panels")) {
            JsonNode at = panel.path("gridPos");
            assertThat(numbers.add(panel.path("id").asInt())).isTrue();
            assertThat(at.path("x").asInt() + at.path("w").asInt()).isBetween(1, 24);
            for (int x = at.path("x").asInt();
                    x < at.path("x").asInt() + at.path("w").asInt();
                    x++) {
                for (int y = at.path("y").asInt();
                        y < at.path("y").asInt() + at.path("h").asInt();
                        y++) {
                    assertThat(covered.add(x + "," + y))
                            .as(panel.path("title").asText())
                            .isTrue();
                }
            }
        }
        assertThat(numbers).hasSizeGreaterThan(20);
    }

    /** Metrics that are not shown, and labels that one of the metrics does not have. */
    private static List<String> unknown(Promql asks) {
        return asks.metrics().stream()
                .filter(metric -> !metric.equals(UP))
                .flatMap(metric -> shown.names().contains(metric) ? missing(metric, asks) : Stream.of(metric))
                .toList();
    }

    private static Stream<String> missing(String metric, Promql asks) {
        Set<String> missing = new TreeSet<>(asks.labels());
        missing.removeAll(ADDED);
        missing.removeAll(shown.labels(metric));
        return missing.stream().map(label -> metric + "{" + label + "}");
    }

    private static String family(String metric) {
        return metric.replaceFirst("_(bucket|sum|count|max)$", "");
    }
}
