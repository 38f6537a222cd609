package io.mlflowgateway.server.config;

import static io.mlflowgateway.server.config.SampleConfigs.echo;
import static io.mlflowgateway.server.config.SampleConfigs.openai;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReloaderTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    @TempDir
    private Path folder;

    private final List<GatewayConfig> taken = new ArrayList<>();
    private final List<ReloadOutcome> outcomes = new ArrayList<>();
    private Path file;
    private Reloader reloader;
    private String firstVersion;

    @BeforeEach
    void begin() throws Exception {
        file = Files.writeString(folder.resolve("gateway.yaml"), echo("first"));
        ConfigReader reader = new ConfigReader(SampleConfigs.PROVIDERS, SampleConfigs.ENVIRONMENT);
        GatewayConfig first = reader.read(file);
        firstVersion = first.version();
        reloader = new Reloader(file, reader, first, Clock.fixed(NOW, ZoneOffset.UTC), taken::add, outcomes::add);
    }

    @Test
    void the_same_bytes_are_no_change() throws Exception {
        Files.writeString(file, echo("first"));

        reloader.look();
        reloader.look();

        assertThat(taken).isEmpty();
        assertThat(outcomes).isEmpty();
        assertThat(reloader.last()).isEqualTo(new ReloadOutcome(true, List.of(), List.of(), NOW, firstVersion));
    }

    @Test
    void a_change_is_handed_over_once() throws Exception {
        Files.writeString(file, echo("second"));

        reloader.look();
        reloader.look();

        assertThat(taken)
                .singleElement()
                .satisfies(config -> assertThat(config.routes().get(0).name()).isEqualTo("second"));
        assertThat(reloader.last().success()).isTrue();
        assertThat(reloader.last().version()).isEqualTo(taken.get(0).version()).isNotEqualTo(firstVersion);
    }

    @Test
    void an_unusable_file_changes_nothing_and_is_told_once() throws Exception {
        Files.writeString(file, echo("a b"));

        for (int look = 0; look < 30; look++) {
            reloader.look();
        }

        assertThat(taken).isEmpty();
        assertThat(outcomes).singleElement().satisfies(outcome -> {
            assertThat(outcome.success()).isFalse();
            assertThat(outcome.version()).isEqualTo(firstVersion);
            assertThat(outcome.at()).isEqualTo(NOW);
            assertThat(outcome.problems())
                    .singleElement()
                    .satisfies(problem -> assertThat(problem.place()).isEqualTo(file + ":2"));
        });
    }

    @Test
    void another_mistake_is_told_again() throws Exception {
        Files.writeString(file, echo("a b"));
        reloader.look();
        Files.writeString(file, "");

        reloader.look();

        assertThat(outcomes).hasSize(2).noneMatch(ReloadOutcome::success);
        assertThat(taken).isEmpty();
    }

    @Test
    void a_deleted_file_changes_nothing_and_is_told_once() throws Exception {
        Files.delete(file);

        reloader.look();
        reloader.look();

        assertThat(taken).isEmpty();
        assertThat(outcomes)
                .singleElement()
                .satisfies(outcome ->
                        assertThat(outcome.problems().get(0).message()).isEqualTo("there is no such file"));
    }

    @Test
    void the_file_in_force_coming_back_is_a_success_without_a_reload() throws Exception {
        Files.delete(file);
        reloader.look();
        Files.writeString(file, echo("first"));

        reloader.look();

        assertThat(taken).isEmpty();
        assertThat(outcomes).extracting(ReloadOutcome::success).containsExactly(false, true);
        assertThat(reloader.last().version()).isEqualTo(firstVersion);
    }

    @Test
    void a_key_file_that_comes_later_is_found_though_the_bytes_are_the_same() throws Exception {
        Path key = Files.writeString(folder.resolve("key"), "");
        Files.writeString(file, openai("openai_api_key: " + key));
        reloader.look();
        Files.writeString(key, "sk-came-later");

        for (int look = 0; look < 12; look++) {
            reloader.look();
        }

        assertThat(taken).hasSize(1);
        assertThat(outcomes).extracting(ReloadOutcome::success).containsExactly(false, true);
    }

    @Test
    void a_changed_server_block_waits_for_the_restart_and_says_so() throws Exception {
        Files.writeString(file, echo("second") + "server: {port: 1}\n");

        reloader.look();

        assertThat(reloader.last().warnings()).containsExactly(file + ": server: the change takes effect at restart");
        assertThat(taken).hasSize(1);
    }

    @Test
    void a_listener_that_fails_leaves_the_old_one_in_force_and_the_next_change_is_taken() throws Exception {
        GatewayConfig first = SampleConfigs.good(echo("first"));
        List<String> names = new ArrayList<>();
        Reloader failing = new Reloader(
                file,
                new ConfigReader(SampleConfigs.PROVIDERS, SampleConfigs.ENVIRONMENT),
                first,
                Clock.systemUTC(),
                config -> {
                    names.add(config.routes().get(0).name());
                    if (names.size() == 1) {
                        throw new IllegalStateException("planted");
                    }
                },
                outcomes::add);

        Files.writeString(file, echo("second"));
        failing.look();
        Files.writeString(file, echo("third"));
        failing.look();

        assertThat(names).containsExactly("second", "third");
        assertThat(outcomes).extracting(ReloadOutcome::success).containsExactly(false, true);
        assertThat(outcomes.get(0).version()).isEqualTo(first.version());
    }
}
