package io.mlflowgateway.server.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PromqlTest {
    @Test
    void metrics_labels_and_values_are_found() {
        Promql read = new Promql(
                "histogram_quantile(0.95, sum by (route, le) (rate(a_bucket{stream=\"true\"}[$__rate_interval])))"
                        + " / on (job) group_left (version) b{status=~\"5..|429\", x!=\"{y}\"} > 1e3 unless time() - c_seconds < 5m");

        assertThat(read.metrics()).containsExactly("a_bucket", "b", "c_seconds");
        assertThat(read.labels()).containsExactlyInAnyOrder("route", "le", "stream", "job", "version", "status", "x");
        assertThat(read.groupedBy()).containsExactlyInAnyOrder("route", "le", "job", "version");
        assertThat(read.matched())
                .isEqualTo(Map.of("stream", Set.of("true"), "status", Set.of("5..", "429"), "x", Set.of("{y}")));
    }

    @Test
    void labels_in_texts_are_found() {
        assertThat(Promql.shown("{{ $labels.route }} fails {{ $value | humanize }} of {{instance}}"))
                .containsExactly("route", "instance");
    }
}
