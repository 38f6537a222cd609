package io.mlflowgateway.server.reliability;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.testing.GatewayProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The configuration file of the built jar, replaced by another in every way there is, and slowly. */
class ConfigReplacedIT {
    @TempDir
    private Path folder;

    @Proves(Row.CONFIG_REPLACED)
    @Test
    void config_replaced_in_any_way_is_in_force_within_two_seconds() throws Exception {
        Map<String, Times> seen = new LinkedHashMap<>();

        Path plain = Files.writeString(folder.resolve("plain.yaml"), ConfigFiles.good("m0"));
        seen.put("written over", replaced(plain, text -> Files.writeString(plain, text)));
        seen.put("written over in steps", replaced(plain, text -> writeInSteps(plain, text)));
        seen.put("renamed over", replaced(plain, text -> ConfigFiles.replace(plain, text)));
        Path mounted = configMap();
        seen.put("..data swapped", replaced(mounted, text -> swapData(mounted.resolveSibling("."), text)));
        Path link = Files.createSymbolicLink(folder.resolve("link.yaml"), fresh(ConfigFiles.good("m0")));
        seen.put("ln -sfn", replaced(link, text -> run("ln", "-sfn", fresh(text).toString(), link.toString())));
        Path current = Files.createSymbolicLink(folder.resolve("current"), release(ConfigFiles.good("m0")));
        seen.put("mv -T of a folder's link", replaced(current.resolve("gateway.yaml"), text -> {
            Path next = folder.resolve("current.next");
            run("ln", "-s", release(text).toString(), next.toString());
            run("mv", "-T", next.toString(), current.toString());
        }));

        // The median: that the machine is busy for a moment says nothing about the gateway.
        assertThat(seen.values())
                .allSatisfy(times -> assertThat(times.median()).isLessThan(Duration.ofSeconds(2)))
                .allSatisfy(times -> assertThat(times.slowest()).isLessThan(Duration.ofSeconds(20)));
        Figures.seen(
                Row.CONFIG_REPLACED,
                "config_replaced_in_any_way_is_in_force_within_two_seconds",
                String.join(
                        "; ",
                        seen.entrySet().stream()
                                .map(way -> way.getKey() + ": " + way.getValue())
                                .toList()));
    }

    /** Replaces what a file says, in one way. */
    @FunctionalInterface
    private interface Way {
        void replace(String text) throws IOException, InterruptedException;
    }

    private Times replaced(Path file, Way way) throws Exception {
        List<Duration> times = new ArrayList<>();
        try (GatewayProcess gateway = ConfigFiles.start(file)) {
            ConfigCaller caller = new ConfigCaller(gateway.port());
            caller.until(ConfigFiles.version(file));
            for (int round = 1; round <= 3; round++) {
                way.replace(ConfigFiles.good("m" + round + "-" + System.nanoTime()));
                times.add(caller.until(ConfigFiles.version(file)));
                assertThat(caller.chat("chat").body()).contains("\"model\":\"m" + round + "-");
            }
            assertThat(gateway.output()).doesNotContain("cannot be used");
        }
        return new Times(times);
    }

    private static void writeInSteps(Path file, String text) throws IOException {
        try (var out = Files.newOutputStream(file)) {
            for (byte b : text.getBytes(UTF_8)) {
                out.write(b);
            }
        }
    }

    private Path fresh(String text) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "file", ".yaml"), text);
    }

    private Path release(String text) throws IOException {
        Path release = Files.createTempDirectory(folder, "release");
        Files.writeString(release.resolve("gateway.yaml"), text);
        return release;
    }

    /** As Kubernetes mounts a ConfigMap: the file is a link through {@code ..data}, itself a link that is swapped. */
    private Path configMap() throws IOException {
        Path mount = Files.createDirectory(folder.resolve("mount"));
        Path first = Files.createDirectory(mount.resolve("..first"));
        Files.writeString(first.resolve("gateway.yaml"), ConfigFiles.good("m0"));
        Files.createSymbolicLink(mount.resolve("..data"), first.getFileName());
        return Files.createSymbolicLink(mount.resolve("gateway.yaml"), Path.of("..data/gateway.yaml"));
    }

    private static void swapData(Path mount, String text) throws IOException {
        Path next = Files.createTempDirectory(mount, "..next");
        Files.writeString(next.resolve("gateway.yaml"), text);
        Path swap = Files.createSymbolicLink(mount.resolve("..data_tmp"), next.getFileName());
        Files.move(swap, mount.resolve("..data"), ATOMIC_MOVE, REPLACE_EXISTING);
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    @Proves(Row.BAD_CONFIG)
    @Test
    void bad_config_that_is_half_of_a_good_one_is_not_taken_while_it_grows() throws Exception {
        Path file = Files.writeString(folder.resolve("gateway.yaml"), ConfigFiles.good("first"));
        int parts = 0;
        int rounds = 0;
        try (GatewayProcess gateway = ConfigFiles.start(file)) {
            ConfigCaller caller = new ConfigCaller(gateway.port());
            for (int round = 0; round < 6; round++) {
                String before = ConfigFiles.version(file);
                caller.until(before);

                Growing growing = grow(file, caller);
                caller.until(ConfigFiles.version(file));

                // Where this machine kept the writer waiting, the file was left alone, and half of it may be taken.
                if (growing.longestPause().compareTo(Duration.ofMillis(350)) < 0) {
                    rounds++;
                    parts += growing.seen().size();
                    assertThat(growing.seen()).containsOnly(before);
                }
                assertThat(caller.config().path("routes").asInt()).isEqualTo(20);
            }
        }
        assertThat(rounds).as("rounds without a pause").isPositive();
        Figures.seen(
                Row.BAD_CONFIG,
                "bad_config_that_is_half_of_a_good_one_is_not_taken_while_it_grows",
                rounds + " times 20 parts over 1 s, " + parts + " calls meanwhile: none was served by a part");
    }

    /** What calls saw while the file grew. */
    private record Growing(List<String> seen, Duration longestPause) {}

    /** Writes over the file in steps of 50 ms, each of which leaves a good configuration with a few of the routes. */
    private static Growing grow(Path file, ConfigCaller caller) throws IOException {
        List<String> seen = new ArrayList<>();
        long longest = 0;
        long written = System.nanoTime();
        try (var out = Files.newBufferedWriter(file)) {
            out.write("# " + written + "\nendpoints:\n");
            for (int route = 0; route < 20; route++) {
                out.write("  - {name: r" + route + ", endpoint_type: llm/v1/chat, model: {provider: echo}}\n");
                out.flush();
                longest = Math.max(longest, System.nanoTime() - written);
                written = System.nanoTime();
                while (System.nanoTime() - written < Duration.ofMillis(50).toNanos()) {
                    seen.add(caller.version());
                }
            }
        }
        return new Growing(seen, Duration.ofNanos(Math.max(longest, System.nanoTime() - written)));
    }
}
