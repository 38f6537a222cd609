package io.mlflowgateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.testing.Eventually;
import io.mlflowgateway.server.testing.GatewayProcess;
import io.mlflowgateway.server.testing.RawConnection;
import io.mlflowgateway.server.testing.RawConnection.RawAnswer;
import io.mlflowgateway.server.testing.ScriptedUpstream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The built jar, run as its users run it. */
class CommandLineIT {
    private static final String CHAT = "{\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]%s}";

    @TempDir
    private Path folder;

    @Test
    void start_without_a_configuration_serves_echo_routes_and_says_so() {
        try (GatewayProcess gateway = new GatewayProcess(Map.of(), "start", "--port", "0", "--workers", "1")) {
            RawAnswer answer = call(gateway.port(), "/endpoints/chat/invocations", CHAT);

            assertThat(answer.body()).contains("echo: hello");
            assertThat(gateway.output())
                    .contains("built-in offline echo routes")
                    .contains("with 3 routes");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"MLFLOW_GATEWAY_CONFIG", "MLFLOW_DEPLOYMENTS_CONFIG"})
    void mlflows_variables_name_the_configuration(String variable) throws IOException {
        Path config = write("gateway.yaml", echo("mine"));

        try (GatewayProcess gateway = new GatewayProcess(Map.of(variable, config.toString()), "start", "--port", "0")) {
            assertThat(call(gateway.port(), "/endpoints/mine/invocations", CHAT).status())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"start", "validate"})
    void an_invalid_configuration_ends_with_2_and_every_problem_by_line_and_no_secret(String command)
            throws IOException {
        Path config = write("gateway.yaml", """
                endpoints:
                  - name: "bad name"
                    endpoint_type: llm/v1/chat
                    model: {provider: opnai, name: m, config: {openai_api_key: sk-canary-123456}}
                  - name: other
                    endpoint_type: llm/v1/nonsense
                    model:
                      provider: openai
                      name: m
                      config:
                        openai_api_key: $NO_SUCH_VARIABLE
                """);

        try (GatewayProcess gateway = new GatewayProcess(Map.of(), command, "--config-path", config.toString())) {
            int exit = gateway.exitCode();

            assertThat(exit).isEqualTo(2);
            assertThat(gateway.output())
                    .contains("gateway.yaml:2")
                    .contains("gateway.yaml:4")
                    .contains("gateway.yaml:6")
                    .contains("gateway.yaml:11")
                    .contains("NO_SUCH_VARIABLE")
                    .doesNotContain("sk-canary");
        }
    }

    @Test
    void a_misspelt_key_is_named_beside_the_key_that_is_missing_for_it() throws IOException {
        Path config = write(
                "gateway.yaml",
                "endpoints:\n  - name: a\n    endpoint_type: llm/v1/chat\n    model:\n      provider: openai\n"
                        + "      name: m\n      config: {openai_apikey: sk-canary-123456}\n");

        try (GatewayProcess gateway = new GatewayProcess(Map.of(), "validate", "--config-path", config.toString())) {
            assertThat(gateway.exitCode()).isEqualTo(2);
            assertThat(gateway.output())
                    .contains("openai_api_key: is missing")
                    .contains("warning: ")
                    .contains("did you mean 'openai_api_key'")
                    .doesNotContain("sk-canary");
        }
    }

    @Test
    void a_misspelt_flag_is_named_with_its_likely_spelling_and_no_page_of_usage() {
        try (GatewayProcess gateway = new GatewayProcess(Map.of(), "start", "--prot", "3")) {
            assertThat(gateway.exitCode()).isEqualTo(2);
            assertThat(gateway.output()).contains("--prot").contains("--help").hasLineCount(2);
        }
    }

    @Test
    void a_good_configuration_is_valid_and_what_differs_from_the_defaults_is_shown() throws IOException {
        Path config = write("gateway.yaml", echo("mine") + "server:\n  timeouts:\n    connect: 2s\n");

        try (GatewayProcess gateway = new GatewayProcess(
                Map.of("GATEWAY_TOTAL_TIMEOUT", "9s"), "validate", "--config-path", config.toString())) {
            assertThat(gateway.exitCode()).isZero();
            assertThat(gateway.output())
                    .contains("is valid: 1 routes")
                    .contains("connect-timeout = 2s")
                    .contains("total-timeout = 9s");
        }
    }

    @Test
    void a_wrong_setting_ends_with_2() {
        try (GatewayProcess gateway = new GatewayProcess(Map.of(), "start", "--total-timeout", "soon")) {
            assertThat(gateway.exitCode()).isEqualTo(2);
            assertThat(gateway.output()).contains("--total-timeout").contains("soon");
        }
    }

    @Test
    void a_taken_port_is_a_clear_message_and_exit_1() {
        try (GatewayProcess first = new GatewayProcess(Map.of(), "start", "--port", "0");
                GatewayProcess second =
                        new GatewayProcess(Map.of(), "start", "--port", Integer.toString(first.port()))) {
            assertThat(second.exitCode()).isEqualTo(1);
            assertThat(second.output()).contains("cannot listen on 127.0.0.1:" + first.port());
        }
    }

    @Test
    void an_address_that_is_none_ends_with_2() {
        try (GatewayProcess gateway = new GatewayProcess(Map.of(), "start", "--port", "0", "--host", "[zz]")) {
            assertThat(gateway.exitCode()).isEqualTo(2);
            assertThat(gateway.output()).contains("--host: host: '[zz]' is no address, and no name of one");
        }
    }

    @Test
    void version_prints_a_version() {
        try (GatewayProcess gateway = new GatewayProcess(Map.of(), "version")) {
            assertThat(gateway.exitCode()).isZero();
            assertThat(gateway.output()).matches("\\d+\\.\\d+\\.\\d+\\S*\\s*");
        }
    }

    @Test
    void a_saved_change_is_served_within_two_seconds_and_a_bad_one_keeps_the_old_routes() throws IOException {
        Path config = write("gateway.yaml", echo("one"));

        try (GatewayProcess gateway =
                new GatewayProcess(Map.of(), "start", "--port", "0", "--config-path", config.toString())) {
            int port = gateway.port();
            Files.writeString(config, echo("one") + echo("two").replace("endpoints:\n", ""));
            Eventually.within(
                    Duration.ofSeconds(2),
                    "the added route is served",
                    () -> call(port, "/endpoints/two/invocations", CHAT).status() == 200);
            Files.writeString(config, "endpoints: [{name: one, broken");
            Eventually.within(
                    Duration.ofSeconds(5),
                    "the mistake is named",
                    () -> gateway.output().contains("gateway.yaml:1"));

            assertThat(call(port, "/endpoints/one/invocations", CHAT).status()).isEqualTo(200);
            assertThat(call(port, "/endpoints/two/invocations", CHAT).status()).isEqualTo(200);
        }
    }

    @Test
    void sigterm_lets_a_running_stream_finish_and_ends_with_0() throws IOException {
        CountDownLatch stopping = new CountDownLatch(1);
        try (ScriptedUpstream upstream = new ScriptedUpstream(exchange -> {
            exchange.beginStream().say("one").await(stopping).say("two");
            exchange.endStream();
        })) {
            Path config = write(
                    "gateway.yaml",
                    "endpoints:\n  - name: chat\n    endpoint_type: llm/v1/chat\n    model:\n      provider: openai\n"
                            + "      name: m\n      config: {openai_api_key: k, openai_api_base: '" + upstream.base()
                            + "'}\n");
            try (GatewayProcess gateway =
                            new GatewayProcess(Map.of(), "start", "--port", "0", "--config-path", config.toString());
                    RawConnection caller = new RawConnection(gateway.port())) {
                caller.post("/endpoints/chat/invocations", String.format(CHAT, ",\"stream\":true"));
                caller.readUntil("one");
                int port = gateway.port();
                gateway.terminate();
                Eventually.within(Duration.ofSeconds(5), "nothing new is taken", () -> refused(port));
                stopping.countDown();

                assertThat(caller.readToEnd())
                        .contains("two")
                        .contains("[DONE]")
                        .doesNotContain("error");
                assertThat(gateway.exitCode()).isZero();
            }
        }
    }

    private static boolean refused(int port) {
        try (RawConnection probe = new RawConnection(port)) {
            return false;
        } catch (UncheckedIOException e) {
            return true;
        }
    }

    private static RawAnswer call(int port, String path, String body) {
        try (RawConnection caller = new RawConnection(port)) {
            return caller.post(path, String.format(body, "")).answer();
        }
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private static String echo(String name) {
        return "endpoints:\n  - name: " + name
                + "\n    endpoint_type: llm/v1/chat\n    model: {provider: echo, name: echo, config: {}}\n";
    }
}
