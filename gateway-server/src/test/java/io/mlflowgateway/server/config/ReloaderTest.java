package io.mlflowgateway.server.config;

import static io.mlflowgateway.server.config.SampleConfigs.echo;
import static io.mlflowgateway.server.config.SampleConfigs.openai;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReloaderTest {
    /** Before any file of a test is written, so that none looks as if it had been left alone for long. */
    private static final Instant NOW = Instant.parse("2001-02-03T04:05:06Z");

    @TempDir
    private Path folder;

    private final List<GatewayConfig> taken = new ArrayList<>();
    private final List<ReloadOutcome> outcomes = new ArrayList<>();
    private final AtomicLong nanos = new AtomicLong();
    private Path file;
    private Reloader reloader;
    private String firstVersion;

    @BeforeEach
    void begin() throws Exception {
        file = Files.writeString(folder.resolve("gateway.yaml"), echo("first"));
        ConfigReader reader = new ConfigReader(SampleConfigs.PROVIDERS, SampleConfigs.ENVIRONMENT);
        GatewayConfig first = reader.read(file);
        firstVersion = first.version();
        reloader = new Reloader(
                file, reader, first, Clock.fixed(NOW, ZoneOffset.UTC), nanos::get, taken::add, outcomes::add);
    }

    /** Looks twice, with enough time between for a file nobody writes to. */
    private static void lookAt(Reloader reloader, AtomicLong nanos) {
        reloader.look();
        nanos.addAndGet(Settling.QUIET.toNanos());
        reloader.look();
    }

    private void look() {
        lookAt(reloader, nanos);
    }

    @Test
    void the_same_bytes_are_no_change() throws Exception {
        Files.writeString(file, echo("first"));

        look();
        look();

        assertThat(taken).isEmpty();
        assertThat(outcomes).isEmpty();
        assertThat(reloader.last())
                .isEqualTo(new ReloadOutcome(true, List.of(), List.of(), NOW, firstVersion, NOW, firstVersion));
    }

    @Test
    void a_change_is_handed_over_once() throws Exception {
        Files.writeString(file, echo("second"));

        look();
        look();

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
            look();
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
        look();
        Files.writeString(file, "");

        look();

        assertThat(outcomes).hasSize(2).noneMatch(ReloadOutcome::success);
        assertThat(taken).isEmpty();
    }

    @Test
    void a_deleted_file_changes_nothing_and_is_told_once() throws Exception {
        Files.delete(file);

        look();
        look();

        assertThat(taken).isEmpty();
        assertThat(outcomes)
                .singleElement()
                .satisfies(outcome ->
                        assertThat(outcome.problems().get(0).message()).isEqualTo("there is no such file"));
    }

    @Test
    void the_file_in_force_coming_back_is_a_success_without_a_reload() throws Exception {
        Files.delete(file);
        look();
        Files.writeString(file, echo("first"));

        look();

        assertThat(taken).isEmpty();
        assertThat(outcomes).extracting(ReloadOutcome::success).containsExactly(false, true);
        assertThat(reloader.last().version()).isEqualTo(firstVersion);
    }

    @Test
    void a_key_file_that_comes_later_is_found_though_the_bytes_are_the_same() throws Exception {
        Path key = Files.writeString(folder.resolve("key"), "");
        Files.writeString(file, openai("openai_api_key: " + key));
        look();
        Files.writeString(key, "sk-came-later");

        for (int look = 0; look < 12; look++) {
            look();
        }

        assertThat(taken).hasSize(1);
        assertThat(outcomes).extracting(ReloadOutcome::success).containsExactly(false, true);
    }

    @Test
    void a_changed_server_block_waits_for_the_restart_and_says_so() throws Exception {
        Files.writeString(file, echo("second") + "server: {port: 1}\n");

        look();

        assertThat(reloader.last().warnings())
                .containsExactly(file + ": server: what changed takes effect at restart: port");
        assertThat(taken).hasSize(1);
    }

    @Test
    void a_server_block_that_waits_for_the_restart_is_told_until_it_is_as_at_the_start() throws Exception {
        Files.writeString(file, echo("second") + "server: {port: 1, timeouts: {total: 9s}}\n");
        look();
        Files.writeString(file, echo("third") + "server: {port: 1}\n");
        look();
        List<String> warnings = reloader.last().warnings();
        Files.writeString(file, echo("fourth"));

        look();

        assertThat(warnings).containsExactly(file + ": server: what changed takes effect at restart: port");
        assertThat(reloader.last().warnings()).isEmpty();
    }

    @Test
    void a_file_that_is_still_being_written_is_not_taken() throws Exception {
        for (String name : List.of("one", "two", "three")) {
            Files.writeString(file, echo(name));
            reloader.look();
            nanos.addAndGet(Settling.QUIET.toNanos() - 1);
        }
        boolean settled = reloader.look();
        nanos.addAndGet(1);

        boolean settledLater = reloader.look();

        assertThat(settled).isFalse();
        assertThat(settledLater).isTrue();
        assertThat(taken)
                .singleElement()
                .satisfies(config -> assertThat(config.routes().get(0).name()).isEqualTo("three"));
        assertThat(outcomes).hasSize(1);
    }

    @Test
    void a_file_that_was_written_a_while_ago_is_taken_at_once() throws Exception {
        Files.writeString(file, echo("moved-in"));
        Files.setLastModifiedTime(file, FileTime.from(NOW.minus(Settling.QUIET).minusNanos(1)));

        boolean settled = reloader.look();

        assertThat(settled).isTrue();
        assertThat(taken).hasSize(1);
    }

    @Test
    void a_time_that_counts_whole_seconds_is_not_believed() throws Exception {
        Files.writeString(file, echo("second"));
        Files.setLastModifiedTime(file, FileTime.from(NOW.minusSeconds(1)));

        boolean settled = reloader.look();

        assertThat(settled).isFalse();
        assertThat(taken).isEmpty();
    }

    @Test
    void a_file_that_is_gone_for_a_moment_only_is_no_failure() throws Exception {
        Files.delete(file);
        reloader.look();
        Files.writeString(file, echo("first"));

        look();

        assertThat(outcomes).isEmpty();
    }

    @Test
    void a_file_that_never_comes_to_rest_is_told_once_and_taken_when_it_does() throws Exception {
        for (int change = 0; change < 100; change++) {
            Files.writeString(file, echo("route-" + change));
            reloader.look();
            nanos.addAndGet(Settling.QUIET.toNanos() - 1);
        }
        List<ReloadOutcome> whileWritten = List.copyOf(outcomes);

        look();

        assertThat(whileWritten).singleElement().satisfies(outcome -> {
            assertThat(outcome.success()).isFalse();
            assertThat(outcome.problems().get(0).message()).contains("still being written to");
        });
        assertThat(taken)
                .singleElement()
                .satisfies(config -> assertThat(config.routes().get(0).name()).isEqualTo("route-99"));
        assertThat(reloader.last().success()).isTrue();
    }

    @Test
    void an_outcome_names_what_is_in_force_since_when_and_what_the_file_holds() throws Exception {
        Files.writeString(file, "endpoints:");
        look();
        ReloadOutcome broken = reloader.last();
        Files.delete(file);

        look();

        assertThat(broken.version()).isEqualTo(firstVersion);
        assertThat(broken.loadedAt()).isEqualTo(NOW);
        assertThat(broken.fileVersion()).hasSize(12).isNotEqualTo(firstVersion);
        assertThat(reloader.last().fileVersion()).isEmpty();
    }

    @Test
    void only_a_list_that_is_written_empty_takes_all_routes_away_and_says_so() throws Exception {
        for (String nothing :
                List.of("", "\n", "# nothing\n", "endpoints:\n", "server: {}\n", "{}\n", "endpoints: ~\n")) {
            Files.writeString(file, nothing);
            look();
        }
        List<GatewayConfig> takenFromNothing = List.copyOf(taken);
        Files.writeString(file, "endpoints: []\n");

        look();

        assertThat(takenFromNothing).isEmpty();
        assertThat(outcomes).hasSize(8);
        assertThat(taken)
                .singleElement()
                .satisfies(config -> assertThat(config.routes()).isEmpty());
        assertThat(reloader.last().warnings()).singleElement().asString().contains("there are no routes any more");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a directory", "a link to nowhere", "unreadable", "too large", "not there"})
    void what_cannot_be_read_changes_nothing_and_is_told_once(String how) throws Exception {
        Files.delete(file);
        String expected = switch (how) {
            case "a directory" -> {
                Files.createDirectory(file);
                yield "is not a file but a directory";
            }
            case "a link to nowhere" -> {
                Files.createSymbolicLink(file, folder.resolve("nowhere"));
                yield "is a link that leads nowhere";
            }
            case "unreadable" -> {
                // Also for root, whom no permission stops.
                Files.createSymbolicLink(file, Path.of("/proc/self/mem"));
                yield "cannot be read (";
            }
            case "too large" -> {
                try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
                    large.setLength(100L << 20);
                }
                yield "is larger than 16 MiB";
            }
            default -> "there is no such file";
        };

        for (int look = 0; look < 30; look++) {
            look();
        }

        assertThat(taken).isEmpty();
        assertThat(outcomes).singleElement().satisfies(outcome -> {
            assertThat(outcome.success()).isFalse();
            assertThat(outcome.problems().get(0).toString())
                    .startsWith(file + ": ")
                    .contains(expected);
        });
    }

    @Test
    void an_error_in_putting_it_in_force_does_not_end_the_looking() throws Exception {
        List<String> names = new ArrayList<>();
        Reloader failing = failingOnce(SampleConfigs.good(echo("first")), names, () -> {
            throw new OutOfMemoryError("planted");
        });

        Files.writeString(file, echo("second"));
        lookAt(failing, nanos);
        Files.writeString(file, echo("third"));
        lookAt(failing, nanos);

        assertThat(names).containsExactly("second", "third");
        assertThat(outcomes).extracting(ReloadOutcome::success).containsExactly(false, true);
    }

    @Test
    void a_listener_that_fails_leaves_the_old_one_in_force_and_the_next_change_is_taken() throws Exception {
        GatewayConfig first = SampleConfigs.good(echo("first"));
        List<String> names = new ArrayList<>();
        Reloader failing = failingOnce(first, names, () -> {
            throw new IllegalStateException("planted");
        });

        Files.writeString(file, echo("second"));
        lookAt(failing, nanos);
        Files.writeString(file, echo("third"));
        lookAt(failing, nanos);

        assertThat(names).containsExactly("second", "third");
        assertThat(outcomes).extracting(ReloadOutcome::success).containsExactly(false, true);
        assertThat(outcomes.get(0).version()).isEqualTo(first.version());
    }

    /** Hands each configuration to a listener that keeps its first route's name, and fails at the first. */
    private Reloader failingOnce(GatewayConfig first, List<String> names, Runnable failure) {
        return new Reloader(
                file,
                new ConfigReader(SampleConfigs.PROVIDERS, SampleConfigs.ENVIRONMENT),
                first,
                Clock.systemUTC(),
                nanos::get,
                config -> {
                    names.add(config.routes().get(0).name());
                    if (names.size() == 1) {
                        failure.run();
                    }
                },
                outcomes::add);
    }
}
