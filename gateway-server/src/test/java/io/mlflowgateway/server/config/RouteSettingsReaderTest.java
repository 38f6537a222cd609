package io.mlflowgateway.server.config;

import static io.mlflowgateway.server.config.SampleConfigs.echo;
import static io.mlflowgateway.server.config.SampleConfigs.good;
import static io.mlflowgateway.server.config.SampleConfigs.problems;
import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.query.StreamCaps;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RouteSettingsReaderTest {
    private static final UpstreamSettings OF_THE_SERVER = new UpstreamSettings(
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofSeconds(300),
            Duration.ofSeconds(120),
            Duration.ofSeconds(600),
            16 << 20,
            5_000);

    private static final String ALL = """
            timeouts: {connect: 500ms, tls-handshake: 1s, first-byte: 1.5m, stream-idle: 2m, total: 1h, stream: 30m}
            limits: {response-body: 64MiB, upstream-connections: 10, stream-events: 5000, stream-bytes: 1MiB}
            """;

    private static String withOwn(String settings) {
        return echo("chat") + settings.indent(4);
    }

    private static RouteConfig route(String yaml) {
        return good(yaml).routes().get(0);
    }

    @Test
    void a_route_says_otherwise_what_the_server_says_for_all() {
        String yaml = withOwn(ALL);

        UpstreamSettings settings = OF_THE_SERVER.with(route(yaml).upstream());

        assertThat(good(yaml).warnings()).isEmpty();
        assertThat(settings)
                .isEqualTo(new UpstreamSettings(
                        Duration.ofMillis(500),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(90),
                        Duration.ofMinutes(2),
                        Duration.ofHours(1),
                        64 << 20,
                        10));
    }

    @Test
    void a_route_says_otherwise_how_much_of_a_stream_is_passed_on() {
        StreamCaps ofServer = new StreamCaps(Duration.ofHours(1), 10, 20);

        StreamCaps own = RouteStreams.caps(ofServer, route(withOwn(ALL)).upstream());

        assertThat(own).isEqualTo(new StreamCaps(Duration.ofMinutes(30), 5_000, 1 << 20));
        assertThat(RouteStreams.caps(
                        ofServer, route(withOwn("limits: {stream-events: 3}")).upstream()))
                .isEqualTo(new StreamCaps(Duration.ofHours(1), 3, 20));
    }

    @Test
    void every_setting_that_routes_may_set_is_read() {
        assertThat(route(withOwn(ALL)).upstream())
                .containsOnlyKeys(Arrays.stream(ServerSetting.values())
                        .filter(ServerSetting::perRoute)
                        .toArray(ServerSetting[]::new));
    }

    @Test
    void what_a_route_leaves_out_is_the_servers() {
        UpstreamSettings settings = OF_THE_SERVER.with(
                route(withOwn("timeouts: {first-byte: 7s}\nlimits:")).upstream());

        assertThat(settings.firstByte()).isEqualTo(Duration.ofSeconds(7));
        assertThat(settings.with(Map.of(ServerSetting.FIRST_BYTE_TIMEOUT, "300s")))
                .isEqualTo(OF_THE_SERVER);
    }

    @Test
    void classic_routes_and_splits_have_their_own_too_and_a_split_takes_none_of_its_endpoints() {
        var config = good("""
                routes:
                  - {name: old, route_type: llm/v1/chat, model: {provider: echo}, timeouts: {total: 1s}}
                  - name: s
                    task_type: llm/v1/chat
                    destinations: [{name: old, traffic_percentage: 100}]
                    limits: {upstream-connections: 3}
                """);

        assertThat(config.warnings()).isEmpty();
        assertThat(config.routes().get(0).upstream()).isEqualTo(Map.of(ServerSetting.TOTAL_TIMEOUT, "1s"));
        assertThat(config.routes().get(1).upstream()).isEqualTo(Map.of(ServerSetting.UPSTREAM_CONNECTIONS_LIMIT, "3"));
    }

    @Test
    void all_that_is_wrong_is_said_at_once_and_as_under_server() {
        String found = problems(withOwn("""
                timeouts:
                  connect: 0ms
                  first-byte: 5
                  total: 25h
                limits:
                  response-body: huge
                  upstream-connections: 0
                """) + "server: {timeouts: {connect: 0ms}}\n");

        assertThat(found.lines())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .isEqualTo("gateway.yaml:6: endpoints[0].timeouts.connect: must be a time such as"
                                        + " 500ms, 5s or 2m from 1ms to 24h, found '0ms'"),
                        line -> assertThat(line).startsWith("gateway.yaml:7: endpoints[0].timeouts.first-byte: must"),
                        line -> assertThat(line).startsWith("gateway.yaml:8: endpoints[0].timeouts.total: must be"),
                        line -> assertThat(line).startsWith("gateway.yaml:10: endpoints[0].limits.response-body: must"),
                        line -> assertThat(line)
                                .startsWith("gateway.yaml:11: endpoints[0].limits.upstream-connections: must be"),
                        line -> assertThat(line)
                                .isEqualTo("gateway.yaml:12: server.timeouts.connect: must be a time such as"
                                        + " 500ms, 5s or 2m from 1ms to 24h, found '0ms'"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"timeouts: 5s", "timeouts: [5s]", "limits: 10", "timeouts: {total: {a: b}}", "timeouts: ''"})
    void what_is_no_mapping_of_settings_is_refused(String settings) {
        assertThat(problems(withOwn(settings))).startsWith("gateway.yaml:5: endpoints[0].");
    }

    @Test
    void keys_that_mean_nothing_are_warned_of_with_what_may_be_meant() {
        assertThat(good(withOwn("timeouts: {first-bite: 5s}")).warnings())
                .containsExactly("gateway.yaml:5: endpoints[0].timeouts: unknown key 'first-bite' is ignored;"
                        + " did you mean 'first-byte'?");
        assertThat(good(withOwn("timeout: {total: 5s}")).warnings())
                .containsExactly(
                        "gateway.yaml:5: endpoints[0]: unknown key 'timeout' is ignored; did you mean 'timeouts'?");
    }

    @Test
    void what_stands_elsewhere_is_warned_of_with_where() {
        assertThat(good(withOwn("limits: {request-body: 5MiB, calls: 3}")).warnings())
                .containsExactly(
                        "gateway.yaml:5: endpoints[0].limits.request-body: is ignored here; it is a setting of the"
                                + " server as a whole: server.limits.request-body",
                        "gateway.yaml:5: endpoints[0].limits.calls: is ignored here; a route's rate limit stands under"
                                + " limit:");
    }
}
