package io.mlflowgateway.server.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mlflowgateway.server.testing.Eventually;
import io.mlflowgateway.server.testing.GatewayProcess;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the built jar makes of a configuration file that cannot be used. */
class ConfigFaultsIT {
    @TempDir
    private Path folder;

    /** Puts something else in the file's place. */
    @FunctionalInterface
    private interface Fault {
        void happen(Path file) throws IOException;
    }

    @Proves(Row.BAD_CONFIG)
    @Test
    void bad_config_leaves_the_old_routes_and_is_told_once_with_file_and_line() throws IOException {
        Path file = Files.writeString(folder.resolve("gateway.yaml"), ConfigFiles.good("first"));
        String before = ConfigFiles.version(file);
        Map<String, Fault> faults = faults();
        try (GatewayProcess gateway = ConfigFiles.start(file)) {
            ConfigCaller caller = new ConfigCaller(gateway.port());

            for (Map.Entry<String, Fault> fault : faults.entrySet()) {
                remove(file);
                fault.getValue().happen(file);

                Eventually.within(
                        Duration.ofSeconds(30),
                        fault.getKey() + " is told",
                        () -> caller.config().path("problems").toString().contains(fault.getKey()));
                assertOldRoutesServe(caller, before);
            }
            remove(file);
            ConfigFiles.replace(file, ConfigFiles.good("second"));
            Duration again = caller.until(ConfigFiles.version(file));

            Eventually.within(
                    Duration.ofSeconds(5),
                    "it is a success",
                    () -> caller.config().path("last_reload_success").asBoolean());
            assertThat(faults.keySet())
                    .allSatisfy(told -> assertThat(gateway.output()).containsOnlyOnce(told));
            assertThat(gateway.output()).doesNotContain("canary");
            assertThat(again).isLessThan(Duration.ofSeconds(20));
            Figures.seen(
                    Row.BAD_CONFIG,
                    "bad_config_leaves_the_old_routes_and_is_told_once_with_file_and_line",
                    faults.size() + " of " + faults.size()
                            + " left the old routes, each logged once; then a good file in " + Times.seconds(again));
        }
    }

    private static void assertOldRoutesServe(ConfigCaller caller, String version) {
        HttpResponse<String> answer = caller.chat("chat");
        JsonNode config = caller.config();

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("\"model\":\"first\"");
        assertThat(answer.headers().firstValue("x-gateway-config-version")).contains(version);
        assertThat(config.path("last_reload_success").asBoolean()).isFalse();
        assertThat(config.path("version").asText()).isEqualTo(version);
        assertThat(config.path("routes").asInt()).isEqualTo(2);
        assertThat(config.toString()).doesNotContain("canary");
    }

    /** By what is said of each, which no other one says. */
    private static Map<String, Fault> faults() {
        String good = ConfigFiles.good("half");
        Map<String, Fault> faults = new LinkedHashMap<>();
        faults.put(
                "is no type of a route",
                file -> ConfigFiles.replace(file, good.replaceFirst("llm/v1/chat", "llm/v1/nonsense")));
        faults.put("the file holds no document: nothing is written in it", file -> Files.write(file, new byte[0]));
        faults.put("has neither routes nor endpoints", file -> ConfigFiles.replace(file, "server: {}\n"));
        faults.put("a list was expected, found nothing", file -> ConfigFiles.replace(file, "endpoints:\n"));
        faults.put(
                "a '{' that is not closed",
                file -> ConfigFiles.replace(file, good.substring(0, good.indexOf("canary") + 6)));
        faults.put("is not UTF-8 text", file -> Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1}));
        faults.put("holds a character that is no text (U+0000)", file -> ConfigFiles.replace(file, good + "\u0000"));
        faults.put("values, aliases written out", file -> ConfigFiles.replace(file, bomb()));
        faults.put(
                "a text of more than 65536",
                file -> ConfigFiles.replace(file, good + "x-a: " + ConfigFiles.CANARY + "x".repeat(4_000_000)));
        faults.put(
                "the name 'chat' is taken already",
                file -> ConfigFiles.replace(file, good.replace("name: other", "name: chat")));
        faults.put("there is no such file", file -> {});
        faults.put("is not a file but a directory", Files::createDirectory);
        faults.put("is a link that leads nowhere", file -> Files.createSymbolicLink(file, Path.of("nowhere")));
        // Also for root, whom no permission stops.
        faults.put("cannot be read (", file -> Files.createSymbolicLink(file, Path.of("/proc/self/mem")));
        faults.put("is larger than 16 MiB", file -> {
            try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
                large.setLength(100L << 20);
            }
        });
        return faults;
    }

    private static String bomb() {
        StringBuilder yaml = new StringBuilder("x-0: &n0 [" + "a,".repeat(20_000) + "]\n");
        for (int level = 1; level < 10; level++) {
            yaml.append("x-%1$d: &n%1$d [*n%2$d, *n%2$d, *n%2$d, *n%2$d]\n".formatted(level, level - 1));
        }
        return yaml + "endpoints: []\n";
    }

    private static void remove(Path file) throws IOException {
        Files.deleteIfExists(file);
    }

    @Proves(Row.INVALID_CONFIG_AT_START)
    @Test
    void invalid_config_at_start_ends_with_2_within_three_seconds_with_file_and_line() throws IOException {
        Path file = Files.writeString(
                folder.resolve("gateway.yaml"),
                ConfigFiles.good("m").replace("name: other", "name: an other").replace("llm/v1/chat", "llm/v1/chats"));
        List<Duration> times = new ArrayList<>();

        for (int start = 0; start < 3; start++) {
            long begin = System.nanoTime();
            try (GatewayProcess gateway = ConfigFiles.start(file)) {
                Duration waited = waitedUntilItEnded(gateway.pid());
                int code = gateway.exitCode();
                times.add(Duration.ofNanos(System.nanoTime() - begin).minus(waited));

                assertThat(code).isEqualTo(2);
                assertThat(gateway.output())
                        .contains("gateway.yaml:3: endpoints[0].endpoint_type: 'llm/v1/chats' is no type of a route")
                        .contains("gateway.yaml:5: endpoints[1].name: a name is")
                        .contains("gateway.yaml:6: endpoints[1].endpoint_type")
                        .contains("3 problem(s) found")
                        .doesNotContain("canary");
            }
        }

        Times seen = new Times(times);
        assertThat(seen.median()).isLessThan(Duration.ofSeconds(3));
        Figures.seen(
                Row.INVALID_CONFIG_AT_START,
                "invalid_config_at_start_ends_with_2_within_three_seconds_with_file_and_line",
                "exit code 2 and 3 problems by line: " + seen + ", waits for a processor not counted");
    }

    /** For a processor; as last seen while it lived. */
    private static Duration waitedUntilItEnded(long pid) {
        AtomicReference<Duration> waited = new AtomicReference<>(Duration.ZERO);
        Eventually.within(Duration.ofSeconds(60), "it ends", () -> {
            Duration now = ProcessorWait.of(pid, "java");
            waited.accumulateAndGet(now, (before, after) -> after.compareTo(before) > 0 ? after : before);
            return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty();
        });
        return Objects.requireNonNull(waited.get());
    }
}
