package io.mlflowgateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.config.ProviderSpec;
import io.mlflowgateway.server.config.ServerSetting;
import io.mlflowgateway.server.config.SettingKey;
import io.mlflowgateway.server.provider.Providers;
import io.mlflowgateway.server.query.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tables of the documentation are those of the code. {@code -Dregenerate=true} writes them. */
class DocsTablesTest {
    private static final Path DOCS = Path.of("..", "docs");

    @Test
    void the_settings_are_those_of_the_code() throws IOException {
        String rows = Arrays.stream(ServerSetting.values())
                .map(setting -> row(
                        code(setting.flag()),
                        code(setting.variable()),
                        code("server." + setting.key()),
                        setting.defaultValue().isEmpty() ? "–" : code(setting.defaultValue()),
                        mark(setting.perRoute()),
                        setting.description()))
                .collect(Collectors.joining("\n"));

        check(
                "configuration.md",
                "settings",
                head("Flag", "Variable", "Key", "Default", "Also per route", "What") + "\n" + rows);
    }

    @Test
    void the_providers_are_those_of_the_code() throws IOException {
        String rows = specs().map(spec -> row(
                        "[" + code(spec.name()) + "](#" + spec.name() + ")",
                        mark(spec.tasks().contains(Task.CHAT)),
                        mark(spec.tasks().contains(Task.COMPLETIONS)),
                        mark(spec.tasks().contains(Task.EMBEDDINGS)),
                        mark(spec.streams()),
                        spec.modelRequired() ? "required" : "optional",
                        spec.aliases().isEmpty()
                                ? "–"
                                : spec.aliases().stream()
                                        .map(DocsTablesTest::code)
                                        .collect(Collectors.joining(", "))))
                .collect(Collectors.joining("\n"));

        check(
                "providers.md",
                "providers",
                head("Provider", "Chat", "Completions", "Embeddings", "Streams", "`model.name`", "Also called") + "\n"
                        + rows);
    }

    static Stream<ProviderSpec> specsWithKeys() {
        return specs().filter(spec -> !spec.settings().isEmpty());
    }

    @ParameterizedTest
    @MethodSource("specsWithKeys")
    void the_keys_of_a_provider_are_those_of_the_code(ProviderSpec spec) throws IOException {
        String rows = spec.settings().stream()
                .map(key -> row(
                        code(key.name()),
                        key.required() ? "required" : key.defaultValue().isEmpty() ? "–" : code(key.defaultValue()),
                        kind(key),
                        key.description()))
                .collect(Collectors.joining("\n"));

        check("providers.md", spec.name(), head("Key", "Default", "Kind", "What") + "\n" + rows);
    }

    private static Stream<ProviderSpec> specs() {
        return new Providers().specs().stream();
    }

    /** With {@code -Dregenerate=true} the page is mended. */
    private static void check(String page, String name, String expected) throws IOException {
        String present = table(page, name);
        if (Boolean.getBoolean("regenerate")) {
            Path file = DOCS.resolve(page);
            Files.writeString(file, Files.readString(file).replace(present, expected));
            return;
        }
        assertThat(present).isEqualTo(expected);
    }

    private static String table(String page, String name) throws IOException {
        String text = Files.readString(DOCS.resolve(page));
        String begin = "<!-- table: " + name + " -->\n";
        assertThat(text).contains(begin);
        int start = text.indexOf(begin) + begin.length();
        return text.substring(start, text.indexOf("<!-- end -->", start)).strip();
    }

    private static String head(String... cells) {
        return row(cells) + "\n" + "|---".repeat(cells.length) + "|";
    }

    private static String row(String... cells) {
        return "| " + String.join(" | ", List.of(cells)) + " |";
    }

    private static String code(String text) {
        return '`' + text + '`';
    }

    private static String mark(boolean can) {
        return can ? "yes" : "–";
    }

    private static String kind(SettingKey key) {
        if (!key.choices().isEmpty()) {
            return key.choices().stream().map(DocsTablesTest::code).collect(Collectors.joining(" or "));
        }
        return switch (key.kind()) {
            case TEXT -> "text";
            case URL -> "URL";
            case SECRET -> "[secret](configuration.md#secrets)";
        };
    }
}
