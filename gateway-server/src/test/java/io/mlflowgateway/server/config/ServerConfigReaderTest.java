package io.mlflowgateway.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlflowgateway.server.query.StreamCaps;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerConfigReaderTest {

    private static ServerSettings read(Map<String, String> flags, Map<String, String> env, Map<String, String> file)
            throws InvalidConfig {
        return new ServerConfigReader(env, 4).read(flags, file);
    }

    @Test
    void without_a_word_from_anyone_the_documented_defaults_hold() throws Exception {
        var settings = read(Map.of(), Map.of(), Map.of());

        assertThat(settings.config())
                .isEqualTo(new ServerConfig(
                        "127.0.0.1",
                        5000,
                        4,
                        Set.of(),
                        false,
                        new Timeouts(
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(30),
                                Duration.ofSeconds(75),
                                Duration.ofSeconds(60),
                                Duration.ZERO,
                                Duration.ofSeconds(30)),
                        new Limits(10 << 20, 32 << 10, 100, 8 << 10, 10_000, 0),
                        new UpstreamSettings(
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(300),
                                Duration.ofSeconds(120),
                                Duration.ofSeconds(600),
                                16 << 20,
                                5_000),
                        new StreamCaps(Duration.ofHours(24), 1_000_000, 1L << 30),
                        new LogSettings(false, "info", true)));
        assertThat(settings.differing()).isEmpty();
        assertThat(settings.settings()).hasSize(ServerSetting.values().length);
    }

    @Test
    void a_flag_wins_over_the_variable_that_over_the_file_that_over_the_default() throws Exception {
        Map<String, String> flags = Map.of("first-byte-timeout", "1s");
        Map<String, String> env =
                Map.of("GATEWAY_FIRST_BYTE_TIMEOUT", "2s", "GATEWAY_CONNECT_TIMEOUT", "3s", "GATEWAY_URL_LIMIT", " ");
        Map<String, String> file = Map.of(
                "first-byte-timeout", "4s", "connect-timeout", "5s", "drain-timeout", "500ms", "url-limit", "1KiB");

        var config = read(flags, env, file).config();

        assertThat(config.upstream().firstByte()).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.upstream().connect()).isEqualTo(Duration.ofSeconds(3));
        assertThat(config.timeouts().drain()).isEqualTo(Duration.ofMillis(500));
        assertThat(config.upstream().tlsHandshake()).isEqualTo(Duration.ofSeconds(5));
        assertThat(read(flags, env, file).config().limits().url()).isEqualTo(1024);
    }

    @Test
    void the_total_time_is_also_taken_from_mlflows_variable_in_seconds() throws Exception {
        var mlflow = Map.of("MLFLOW_GATEWAY_ROUTE_TIMEOUT_SECONDS", "42");
        var both = Map.of("MLFLOW_GATEWAY_ROUTE_TIMEOUT_SECONDS", "42", "GATEWAY_TOTAL_TIMEOUT", "1m");

        assertThat(read(Map.of(), mlflow, Map.of("total-timeout", "9s"))
                        .config()
                        .upstream()
                        .total())
                .isEqualTo(Duration.ofSeconds(42));
        assertThat(read(Map.of(), both, Map.of()).config().upstream().total()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void what_differs_is_told_with_its_origin_and_the_same_written_otherwise_does_not_differ() throws Exception {
        var settings = read(
                Map.of("connect-timeout", "5000ms", "port", "0"),
                Map.of("GATEWAY_REQUEST_BODY_LIMIT", "1MiB"),
                Map.of("connections-limit", "7", "response-body-limit", "16384KiB"));

        assertThat(settings.differing())
                .extracting(EffectiveSetting::toString)
                .containsExactly(
                        "port = 0 (default 5000, from --port)",
                        "request-body-limit = 1MiB (default 10MiB, from GATEWAY_REQUEST_BODY_LIMIT)",
                        "connections-limit = 7 (default 10000, from server.limits.connections)");
    }

    @Test
    void lists_switches_and_choices_differ_by_what_they_say() throws Exception {
        var same = read(Map.of("access-log", "TRUE", "log-format", "Plain"), Map.of(), Map.of("allowed-hosts", " , "));
        var other = read(
                Map.of("allowed-hosts", "a.example.com, b.example.com", "access-log", "false"),
                Map.of("GATEWAY_LOG_FORMAT", "json"),
                Map.of("allow-unauthenticated", "true"));

        assertThat(same.differing()).isEmpty();
        assertThat(other.differing())
                .extracting(EffectiveSetting::toString)
                .containsExactly(
                        "allowed-hosts = a.example.com, b.example.com (default none, from --allowed-hosts)",
                        "allow-unauthenticated = true (default false, from server.allow-unauthenticated)",
                        "log-format = json (default plain, from GATEWAY_LOG_FORMAT)",
                        "access-log = false (default true, from --access-log)");
    }

    @Test
    void every_wrong_value_is_told_with_its_origin() {
        var flags = Map.of("port", "http", "first-byte-timeout", "5");
        var env = Map.of("GATEWAY_CONNECTIONS_LIMIT", "0", "MLFLOW_GATEWAY_ROUTE_TIMEOUT_SECONDS", "soon");

        assertThatThrownBy(() -> read(flags, env, Map.of()))
                .isInstanceOf(InvalidConfig.class)
                .hasMessage("""
                        --port: port: must be a whole number from 0 to 65535, found 'http'
                        --first-byte-timeout: first-byte-timeout: must be a time such as 500ms, 5s or 2m from 1ms to 24h, found '5'
                        MLFLOW_GATEWAY_ROUTE_TIMEOUT_SECONDS: total-timeout: must be a time such as 500ms, 5s or 2m from 1ms to 24h, found 'soon'
                        GATEWAY_CONNECTIONS_LIMIT: connections-limit: must be a whole number from 1 to 1000000, found '0'""");
    }

    @Test
    void a_variable_that_looks_like_a_setting_and_is_none_is_told() throws Exception {
        var env = Map.of("GATEWAY_FIRSTBYTE_TIMEOUT", "5s", "GATEWAY_SOMETHING", "x");

        assertThat(read(Map.of(), env, Map.of()).warnings())
                .containsExactly("the environment variable GATEWAY_FIRSTBYTE_TIMEOUT is no setting; did you mean"
                        + " 'GATEWAY_FIRST_BYTE_TIMEOUT'?");
    }

    @Test
    void names_flags_variables_and_keys_follow_one_pattern() {
        assertThat(ServerSetting.STREAM_IDLE_TIMEOUT.flag()).isEqualTo("--stream-idle-timeout");
        assertThat(ServerSetting.STREAM_IDLE_TIMEOUT.variable()).isEqualTo("GATEWAY_STREAM_IDLE_TIMEOUT");
        assertThat(ServerSetting.STREAM_IDLE_TIMEOUT.key()).isEqualTo("timeouts.stream-idle");
        assertThat(ServerSetting.UPSTREAM_CONNECTIONS_LIMIT.flag()).isEqualTo("--upstream-connections-limit");
        assertThat(ServerSetting.UPSTREAM_CONNECTIONS_LIMIT.key()).isEqualTo("limits.upstream-connections");
        assertThat(Arrays.stream(ServerSetting.values()).map(ServerSetting::settingName))
                .doesNotHaveDuplicates();
        assertThat(Arrays.stream(ServerSetting.values()))
                .allSatisfy(setting ->
                        assertThat(setting.complaint(setting.defaultValue())).isEmpty());
    }

    @ParameterizedTest
    @CsvSource({"500ms, 500", "5s, 5000", "1.5s, 1500", "2m, 120000", "2 M, 120000", "1h, 3600000", "24h, 86400000"})
    void times_have_a_unit(String text, long millis) {
        assertThat(ServerSetting.CONNECT_TIMEOUT.complaint(text)).isEmpty();
        assertThat(ServerSetting.CONNECT_TIMEOUT.number(text)).isEqualTo(millis);
    }

    @ParameterizedTest
    @CsvSource({"1MiB, 1048576", "32KiB, 32768", "0.5kib, 512", "1MB, 1000000", "4096, 4096", "4096B, 4096"})
    void sizes_are_bytes_or_have_a_unit(String text, long bytes) {
        assertThat(ServerSetting.REQUEST_BODY_LIMIT.complaint(text)).isEmpty();
        assertThat(ServerSetting.REQUEST_BODY_LIMIT.number(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({
        "connect-timeout, 0s",
        "connect-timeout, 5",
        "connect-timeout, 25h",
        "connect-timeout, -1s",
        "connect-timeout, 5 weeks",
        "connect-timeout, 0.5ms",
        "connect-timeout, 99999999999999h",
        "request-body-limit, 0",
        "request-body-limit, 2GiB",
        "request-body-limit, ten",
        "request-body-limit, 1.5",
        "request-head-limit, 10",
        "port, 65536",
        "port, -1",
        "workers, 1.5",
        "host, 'a b'",
        "host, ''"
    })
    void values_out_of_bounds_are_complained_of(String name, String text) {
        assertThat(ServerSetting.named(name).orElseThrow().complaint(text)).isPresent();
    }

    @Test
    void no_drain_time_at_all_is_allowed() {
        assertThat(ServerSetting.DRAIN_TIMEOUT.complaint("0s")).isEmpty();
    }
}
