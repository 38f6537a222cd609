package io.mlflowgateway.server;

import static io.mlflowgateway.server.testing.DocsTable.code;
import static io.mlflowgateway.server.testing.DocsTable.head;
import static io.mlflowgateway.server.testing.DocsTable.row;

import io.mlflowgateway.server.config.ProviderSpec;
import io.mlflowgateway.server.config.ServerSetting;
import io.mlflowgateway.server.config.SettingKey;
import io.mlflowgateway.server.provider.Providers;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.testing.DocsTable;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tables of the documentation are those of the code. {@code -Dregenerate=true} writes them. */
class DocsTablesTest {
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

        DocsTable.mustRead(
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
                                : spec.aliases().stream().map(DocsTable::code).collect(Collectors.joining(", "))))
                .collect(Collectors.joining("\n"));

        DocsTable.mustRead(
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

        DocsTable.mustRead("providers.md", spec.name(), head("Key", "Default", "Kind", "What") + "\n" + rows);
    }

    private static Stream<ProviderSpec> specs() {
        return new Providers().specs().stream();
    }

    private static String mark(boolean can) {
        return can ? "yes" : "–";
    }

    private static String kind(SettingKey key) {
        if (!key.choices().isEmpty()) {
            return key.choices().stream().map(DocsTable::code).collect(Collectors.joining(" or "));
        }
        return switch (key.kind()) {
            case TEXT -> "text";
            case URL -> "URL";
            case SECRET -> "[secret](configuration.md#secrets)";
        };
    }
}
