package io.mlflowgateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.ParseResult;

class PlainStartTest {
    private final PrintWriter out = new PrintWriter(new StringWriter());

    @Test
    void start_alone_has_neither_file_nor_flags() {
        Start start = plain("start").orElseThrow();

        assertThat(start.file().path()).isEmpty();
        assertThat(start.flags()).isEmpty();
    }

    @Test
    void the_flags_of_mlflow_are_understood_in_any_order() {
        Start start = plain("start --port 5001 --config-path a/b.yaml --workers 2 --host 0.0.0.0")
                .orElseThrow();

        assertThat(start.file().path()).contains(Path.of("a/b.yaml"));
        assertThat(start.flags()).isEqualTo(Map.of("port", "5001", "workers", "2", "host", "0.0.0.0"));
    }

    @Test
    void the_variable_names_the_file_where_no_flag_does() {
        Map<String, String> environment = Map.of("MLFLOW_GATEWAY_CONFIG", "x.yaml");

        Optional<Start> start = PlainStart.of(new String[] {"start"}, environment, out, out);

        assertThat(start.orElseThrow().file().path()).contains(Path.of("x.yaml"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "start --port 5001 --config-path a.yaml --access-log false",
                "start --port x",
                "start --drain-timeout 3s --allowed-hosts a,b"
            })
    void what_is_understood_is_what_the_command_line_s_library_understands(String line) {
        String[] words = line.split(" ");
        ParseResult parsed = Main.commandLine(Map.of()).parseArgs(words).subcommand();
        Start start = PlainStart.of(words, Map.of(), out, out).orElseThrow();

        Map<String, String> given = new HashMap<>(SettingFlags.given(parsed.commandSpec()));

        assertThat(start.flags()).isEqualTo(given);
        assertThat(start.file().path())
                .isEqualTo(Optional.ofNullable(parsed.matchedOptionValue("--config-path", (Path) null)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "version",
                "validate --config-path a.yaml",
                "start --help",
                "start --port",
                "start --port=5000",
                "start --port -1",
                "start --port 1 --port 2",
                "start --config-path a --config-path b",
                "start --wat 1",
                "start a b",
                "start --access-log --port 1",
                "start @arguments.txt x",
                "start --config-path @x",
                "start --config-path \"a\""
            })
    void all_else_is_left_to_the_library(String line) {
        assertThat(plain(line)).isEmpty();
    }

    private Optional<Start> plain(String line) {
        String[] words = line.isEmpty() ? new String[0] : line.split(" ");
        return PlainStart.of(words, Map.of(), out, out);
    }
}
