package io.mlflowgateway.server.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mlflowgateway.server.config.InvalidConfig;
import io.mlflowgateway.server.config.ServerConfig;
import io.mlflowgateway.server.config.ServerConfigReader;
import io.mlflowgateway.server.config.ServerSetting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code deploy/systemd/mlflow-gateway.service} starts this gateway, stops it in order and knows how it ends. */
class UnitFileTest {
    private static final Path FILE = Path.of("..", "deploy", "systemd", "mlflow-gateway.service");

    /** Past the drain time, until the last bytes of a cut stream are out and the process has ended. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);

    @TempDir
    Path folder;

    private final UnitFile unit = new UnitFile(FILE);
    private final List<String> command =
            new ArrayList<>(List.of(unit.the("ExecStart").split("\\s+")));

    @Test
    void the_command_is_the_gateways_with_flags_it_has_and_values_it_takes() throws InvalidConfig {
        assertThat(command).containsSubsequence("-Xmx256m", "-XX:+UseParallelGC", "-jar", "start", "--config-path");
        assertThat(config().allowedHosts()).hasSize(1);
    }

    @Test
    void the_name_behind_the_at_sign_is_the_port() throws InvalidConfig {
        assertThat(unit.service("Environment")).containsExactly(ServerSetting.PORT.variable() + "=%i");

        assertThat(read(Map.of(ServerSetting.PORT.variable(), "5001")).port()).isEqualTo(5001);
        assertThat(read(Map.of(ServerSetting.PORT.variable(), "")).port()).isEqualTo(5000);
    }

    @Test
    void it_is_given_the_time_its_drain_settings_take() throws InvalidConfig {
        assertThat(unit.the("KillSignal")).isEqualTo("SIGTERM");
        assertThat(Units.time(unit.the("TimeoutStopSec")))
                .isGreaterThan(config().timeouts()
                        .drainDelay()
                        .plus(config().timeouts().drain())
                        .plus(LAST_WORDS));
    }

    @Test
    void it_is_started_again_after_a_failure_but_not_with_a_wrong_configuration() {
        assertThat(unit.the("Restart")).isEqualTo("on-failure");
        assertThat(unit.the("RestartPreventExitStatus")).isEqualTo("2");
        assertThat(unit.the("SuccessExitStatus")).isEqualTo("143");
    }

    @Test
    void it_may_open_and_hold_what_its_settings_allow() throws InvalidConfig {
        assertThat(Integer.parseInt(unit.the("LimitNOFILE")))
                .isGreaterThan(2 * config().limits().connections());
        long heap = Units.size(command.stream()
                .filter(word -> word.startsWith("-Xmx"))
                .findFirst()
                .orElseThrow()
                .substring(4));
        // Netty takes as much outside of the heap, and the JVM some more.
        assertThat(Units.size(unit.the("MemoryMax"))).isGreaterThanOrEqualTo(3 * heap);
    }

    @Test
    void it_is_hardened() {
        assertThat(Stream.of(
                        "DynamicUser",
                        "NoNewPrivileges",
                        "ProtectHome",
                        "PrivateTmp",
                        "PrivateDevices",
                        "ProtectKernelModules",
                        "RestrictNamespaces"))
                .allSatisfy(key -> assertThat(unit.the(key)).as(key).isEqualTo("yes"));
        assertThat(unit.the("ProtectSystem")).isEqualTo("strict");
        assertThat(unit.the("CapabilityBoundingSet")).isEmpty();
        assertThat(unit.service("MemoryDenyWriteExecute"))
                .as("the JVM would not start")
                .isEmpty();
    }

    @Test
    void systemd_has_nothing_to_say_against_it() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/systemd-analyze")), "no systemd here");
        // It looks whether the command is there, and Java may be elsewhere.
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String here = Files.readString(FILE).replace(command.get(0), java);

        assertThat(verified("mlflow-gateway.service", here)).isEmpty();
        assertThat(verified("mlflow-gateway@.service", here)).isEmpty();
        assertThat(verified("wrong.service", here.replace("ProtectHome", "ProtectHouse")))
                .contains("ProtectHouse");
    }

    private String verified(String name, String unit) throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve(name), unit);
        Process verify = new ProcessBuilder("/usr/bin/systemd-analyze", "verify", "--man=no", file.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(verify.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(verify.waitFor(30, TimeUnit.SECONDS)).isTrue();
        // It reads the machine's own units, too; what is wrong with those is not ours.
        return said.lines()
                .filter(line -> line.contains(name) || line.contains("mlflow"))
                .reduce("", (all, line) -> all + line + "\n");
    }

    private ServerConfig config() throws InvalidConfig {
        return read(Map.of());
    }

    /** As {@code start} reads it; a flag or value it does not know fails here. */
    private ServerConfig read(Map<String, String> environment) throws InvalidConfig {
        List<String> known =
                Arrays.stream(ServerSetting.values()).map(ServerSetting::flag).toList();
        List<String> words = command.subList(command.indexOf("start") + 1, command.size());
        Map<String, String> flags = new HashMap<>();
        for (int i = 0; i < words.size(); i += 2) {
            if (!words.get(i).equals("--config-path")) {
                assertThat(known).contains(words.get(i));
                flags.put(words.get(i).substring(2), words.get(i + 1));
            }
        }
        return new ServerConfigReader(environment, 1).read(flags, Map.of()).config();
    }
}
