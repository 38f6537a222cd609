package io.mlflowgateway.server.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.testing.Eventually;
import io.mlflowgateway.server.testing.GatewayProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the built jar listens, by the sockets its process has. */
class BindIT {
    @TempDir
    private Path folder;

    @Proves(Row.BIND)
    @Test
    void bind_is_loopback_only_without_a_word() throws IOException {
        try (GatewayProcess gateway = new GatewayProcess(Map.of(), "start", "--port", "0")) {
            int port = gateway.port();

            List<ListeningSockets.Socket> listening = ListeningSockets.of(gateway.pid());

            assertThat(listening).isNotEmpty().allMatch(ListeningSockets.Socket::loopback);
            assertThat(listening).extracting(ListeningSockets.Socket::port).contains(port);
            assertThat(gateway.output()).doesNotContain("can be reached");
            Figures.seen(Row.BIND, "bind_is_loopback_only_without_a_word", "listens on " + listening);
        }
    }

    @Proves(Row.BIND)
    @ParameterizedTest
    @ValueSource(strings = {"--host=0.0.0.0", "--host=::", "GATEWAY_HOST", "server.host"})
    void bind_elsewhere_is_refused_with_a_way_out(String how) throws IOException {
        Path config = Files.writeString(
                folder.resolve("gateway.yaml"),
                "endpoints: []\n" + (how.equals("server.host") ? "server: {host: 0.0.0.0}\n" : ""));
        Map<String, String> variables = how.equals("GATEWAY_HOST") ? Map.of("GATEWAY_HOST", "0.0.0.0") : Map.of();
        String flag = how.startsWith("--") ? how : "--log-level=info";

        for (String command : List.of("start", "validate")) {
            try (GatewayProcess gateway =
                    new GatewayProcess(variables, command, "--config-path", config.toString(), "--port", "0", flag)) {
                assertThat(gateway.exitCode()).isEqualTo(2);
                assertThat(gateway.output())
                        .contains("can be reached from other machines")
                        .contains("--allow-unauthenticated")
                        .doesNotContain("Listening");
            }
        }
        Figures.seen(Row.BIND, "bind_elsewhere_is_refused_with_a_way_out", "exit code 2, by flag, variable and file");
    }

    @Proves(Row.BIND)
    @Test
    void bind_elsewhere_with_the_flag_is_served_and_warned_of() throws IOException {
        try (GatewayProcess gateway =
                new GatewayProcess(Map.of(), "start", "--port", "0", "--host", "0.0.0.0", "--allow-unauthenticated")) {
            int port = gateway.port();

            assertThat(ListeningSockets.of(gateway.pid()))
                    .anyMatch(socket -> socket.port() == port && !socket.loopback());
            Eventually.within(
                    Duration.ofSeconds(10),
                    "it is warned of",
                    () -> gateway.output().contains("0.0.0.0 can be reached from other machines"));
        }
        Figures.seen(Row.BIND, "bind_elsewhere_with_the_flag_is_served_and_warned_of", "0.0.0.0, with a warning");
    }
}
