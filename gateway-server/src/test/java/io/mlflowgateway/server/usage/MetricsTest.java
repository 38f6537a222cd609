package io.mlflowgateway.server.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.config.GatewayConfig;
import io.mlflowgateway.server.config.ReloadOutcome;
import io.mlflowgateway.server.http.Answer;
import io.mlflowgateway.server.http.Head;
import io.mlflowgateway.server.query.Observer;
import io.mlflowgateway.server.routing.RouteTable;
import io.mlflowgateway.server.testing.Await;
import io.mlflowgateway.server.testing.Calls;
import io.mlflowgateway.server.testing.Scrape;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MetricsTest {
    private static final Instant THEN = Instant.ofEpochSecond(1_700_000_000);

    private final AtomicReference<ReloadOutcome> last = new AtomicReference<>(outcome(true));
    private final AtomicBoolean ready = new AtomicBoolean(true);
    private final AtomicLong dropped = new AtomicLong();
    private final Metrics metrics = new Metrics("9.9", config("v1"), last::get, ready::get, dropped::get);

    private static GatewayConfig config(String version) {
        return new GatewayConfig(List.of(), Map.of(), List.of(), version);
    }

    private static ReloadOutcome outcome(boolean success) {
        return new ReloadOutcome(success, List.of(), List.of(), THEN, "v1", THEN, "v1");
    }

    @AfterEach
    void close() {
        metrics.close();
    }

    private Scrape page() {
        Head head = new Head("id", "GET", "/metrics", "", name -> null, false, Calls.notes());
        var endpoint = Objects.requireNonNull(
                metrics.pages(() -> new RouteTable(List.of(), "v1")).get("/metrics"));
        Answer answer = Await.value(endpoint.answer(head, new byte[0]));
        return new Scrape(new String(((Answer.Whole) answer).body(), StandardCharsets.UTF_8));
    }

    @Test
    void what_it_is_told_at_the_beginning_is_shown() {
        Scrape page = page();

        assertThat(page.samples("gateway_info")).containsExactly("gateway_info{version=\"9.9\"} 1");
        assertThat(page.samples("gateway_config_info")).containsExactly("gateway_config_info{version=\"v1\"} 1");
        assertThat(page.sum("gateway_ready")).isEqualTo(1);
        assertThat(page.sum("gateway_config_last_reload_success")).isEqualTo(1);
        assertThat(page.sum("gateway_config_last_reload_timestamp_seconds")).isEqualTo(1.7e9);
        assertThat(page.samples("gateway_config_reloads_total")).hasSize(2).allMatch(line -> line.endsWith(" 0.0"));
    }

    @Test
    void what_changes_is_read_at_each_scrape_even_long_after() {
        page();
        // What the registry held only weakly would be gone now.
        System.gc();

        ready.set(false);
        dropped.set(7);
        last.set(outcome(false));
        metrics.connections(() -> 3);

        Scrape page = page();
        assertThat(page.sum("gateway_ready")).isZero();
        assertThat(page.sum("gateway_log_dropped_total")).isEqualTo(7);
        assertThat(page.sum("gateway_config_last_reload_success")).isZero();
        assertThat(page.sum("gateway_connections")).isEqualTo(3);
    }

    @Test
    void reloads_are_counted_by_how_they_ended() {
        metrics.reloaded(outcome(true));
        metrics.reloaded(outcome(false));
        metrics.reloaded(outcome(false));

        assertThat(page().sum("gateway_config_reloads_total", "result=\"success\""))
                .isEqualTo(1);
        assertThat(page().sum("gateway_config_reloads_total", "result=\"failure\""))
                .isEqualTo(2);
    }

    @Test
    void a_hundred_versions_of_the_configuration_leave_one_series() {
        for (int i = 0; i < 100; i++) {
            metrics.inForce(config("v" + i));
        }

        assertThat(page().samples("gateway_config_info")).containsExactly("gateway_config_info{version=\"v99\"} 1");
    }

    @Test
    void refused_connections_are_counted_by_their_reason() {
        metrics.connectionRefused(Observer.Refusal.TOO_MANY);

        assertThat(page().sum("gateway_connections_refused_total", "reason=\"too_many\""))
                .isEqualTo(1);
        assertThat(page().sum("gateway_connections_refused_total", "reason=\"too_many_from_address\""))
                .isZero();
    }
}
