package io.mlflowgateway.server.config;

import static io.mlflowgateway.server.config.SampleConfigs.echo;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigWatcherTest {
    /** A change is due within 2 s; the rest is for a busy machine. */
    private static final long PATIENCE_SECONDS = 20;

    @TempDir
    private Path folder;

    private final BlockingQueue<GatewayConfig> taken = new LinkedBlockingQueue<>();
    private final BlockingQueue<ReloadOutcome> outcomes = new LinkedBlockingQueue<>();
    private final ConfigReader reader = new ConfigReader(SampleConfigs.PROVIDERS, SampleConfigs.ENVIRONMENT);
    private Path file;
    private Optional<ConfigWatcher> watcher = Optional.empty();

    @BeforeEach
    void write_the_first() throws Exception {
        file = Files.writeString(folder.resolve("gateway.yaml"), echo("first"));
    }

    @AfterEach
    void stop() {
        BlockingQueue<Throwable> escaped = new LinkedBlockingQueue<>();
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> escaped.add(failure));
        try {
            watcher.ifPresent(ConfigWatcher::close);
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(null);
        }
        assertThat(escaped).as("what ended the watcher's thread").isEmpty();
    }

    private ConfigWatcher start(Path path) throws InvalidConfig {
        ConfigWatcher started =
                new ConfigWatcher(path, reader, reader.read(path), Clock.systemUTC(), taken::add, outcomes::add);
        watcher = Optional.of(started);
        return started;
    }

    /** Starts, and lets a first change pass: what comes then is not seen by the look at the start, but by the watch. */
    private ConfigWatcher watch(Path path) throws Exception {
        ConfigWatcher started = start(path);
        Files.writeString(path, echo("warm"));
        assertThat(nextRoute()).isEqualTo("warm");
        nextSuccess();
        return started;
    }

    private String nextRoute() throws InterruptedException {
        GatewayConfig config = taken.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(config).as("a new configuration").isNotNull();
        return config.routes().get(0).name();
    }

    private ReloadOutcome nextOutcome() throws InterruptedException {
        ReloadOutcome outcome = outcomes.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(outcome).as("an outcome").isNotNull();
        return outcome;
    }

    /** Passes over the failures of a look that fell between the steps of a save. */
    private ReloadOutcome nextSuccess() throws InterruptedException {
        ReloadOutcome outcome = nextOutcome();
        while (!outcome.success()) {
            outcome = nextOutcome();
        }
        return outcome;
    }

    private void renameOver(Path target, String content) throws IOException {
        Path next = Files.writeString(folder.resolve("next.tmp"), content);
        Files.move(next, target, ATOMIC_MOVE, REPLACE_EXISTING);
    }

    @Test
    void a_file_written_over_is_taken() throws Exception {
        watch(file);

        Files.writeString(file, echo("second"));

        assertThat(nextRoute()).isEqualTo("second");
    }

    @Test
    void a_file_renamed_over_is_taken_again_and_again() throws Exception {
        watch(file);

        renameOver(file, echo("second"));
        String second = nextRoute();
        renameOver(file, echo("third"));

        assertThat(second).isEqualTo("second");
        assertThat(nextRoute()).isEqualTo("third");
    }

    @Test
    void a_link_that_comes_to_point_elsewhere_is_followed() throws Exception {
        Path one = Files.createDirectories(folder.resolve("mount/..one"));
        Path two = Files.createDirectories(folder.resolve("mount/..two"));
        Files.writeString(one.resolve("gateway.yaml"), echo("first"));
        Files.writeString(two.resolve("gateway.yaml"), echo("second"));
        Path data = Files.createSymbolicLink(folder.resolve("mount/..data"), one.getFileName());
        Path link = Files.createSymbolicLink(folder.resolve("mount/gateway.yaml"), Path.of("..data/gateway.yaml"));
        watch(link);

        Path swap = Files.createSymbolicLink(folder.resolve("mount/..swap"), two.getFileName());
        Files.move(swap, data, ATOMIC_MOVE, REPLACE_EXISTING);

        assertThat(nextRoute()).isEqualTo("second");
    }

    @Test
    void a_change_in_another_folder_behind_a_link_is_seen_without_the_watch() throws Exception {
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Path real = Files.writeString(elsewhere.resolve("real.yaml"), echo("first"));
        Path watched = Files.createDirectory(folder.resolve("watched"));
        Path link = Files.createSymbolicLink(watched.resolve("gateway.yaml"), real);
        watch(link);

        Files.writeString(real, echo("second"));

        assertThat(nextRoute()).isEqualTo("second");
    }

    @Test
    void an_unusable_file_is_told_and_the_next_usable_one_is_taken() throws Exception {
        ConfigWatcher started = watch(file);

        renameOver(file, "endpoints: [");
        ReloadOutcome failure = nextOutcome();
        renameOver(file, echo("second"));

        assertThat(failure.success()).isFalse();
        assertThat(nextRoute()).isEqualTo("second");
        assertThat(nextSuccess().problems()).isEmpty();
        assertThat(started.lastOutcome().success()).isTrue();
    }

    @Test
    void a_deleted_file_is_told_and_taken_when_it_is_back() throws Exception {
        ConfigWatcher started = watch(file);

        Files.delete(file);
        ReloadOutcome failure = nextOutcome();
        Files.writeString(file, echo("second"));

        assertThat(failure.success()).isFalse();
        assertThat(failure.problems().get(0).message()).contains("no such file");
        assertThat(nextRoute()).isEqualTo("second");
        assertThat(nextSuccess().version()).isNotEqualTo(failure.version());
        assertThat(started.lastOutcome().success()).isTrue();
    }

    @Test
    void a_folder_that_is_deleted_and_made_again_is_watched_again() throws Exception {
        Path inner = Files.createDirectory(folder.resolve("inner"));
        Path there = Files.writeString(inner.resolve("gateway.yaml"), echo("first"));
        watch(there);

        Files.delete(there);
        Files.delete(inner);
        ReloadOutcome failure = nextOutcome();
        Files.createDirectory(inner);
        Files.writeString(there, echo("second"));

        assertThat(failure.success()).isFalse();
        assertThat(nextRoute()).isEqualTo("second");
    }

    @Test
    void a_file_saved_in_pieces_is_taken_when_it_is_whole() throws Exception {
        watch(file);

        try (var out = Files.newBufferedWriter(file)) {
            for (String line : echo("second").lines().toList()) {
                out.write(line + "\n");
                out.flush();
            }
        }

        assertThat(nextRoute()).isEqualTo("second");
    }

    @Test
    void after_closing_nothing_is_taken_any_more() throws Exception {
        ConfigWatcher started = start(file);

        started.close();
        Files.writeString(file, echo("second"));

        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().equals("config-watcher") && thread.isAlive());
        assertThat(taken).isEmpty();
        assertThat(outcomes).isEmpty();
    }

    @Test
    void closing_at_once_again_and_again_ends_each_watch_quietly() throws Exception {
        for (int round = 0; round < 50; round++) {
            start(file).close();
            stop();
        }

        assertThat(outcomes).isEmpty();
    }

    @Test
    void the_first_configuration_counts_as_a_success() throws Exception {
        ConfigWatcher started = start(file);

        assertThat(started.lastOutcome().success()).isTrue();
        assertThat(started.lastOutcome().version()).isEqualTo(reader.read(file).version());
    }
}
