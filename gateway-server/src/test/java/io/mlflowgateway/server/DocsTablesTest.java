package io.mlflowgateway.server;

import static io.mlflowgateway.server.testing.DocsTable.code;
import static io.mlflowgateway.server.testing.DocsTable.head;
import static io.mlflowgateway.server.testing.DocsTable.row;

import io.mlflowgateway.server.config.CredentialType;
import io.mlflowgateway.server.config.ProviderSpec;
import io.mlflowgateway.server.config.ServerSetting;
import io.mlflowgateway.server.config.SettingKey;
import io.mlflowgateway.server.provider.Provider;
import io.mlflowgateway.server.provider.Providers;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.testing.DocsTable;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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
        String rows = providers().map(DocsTablesTest::provider).collect(Collectors.joining("\n"));

        DocsTable.mustRead(
                "providers.md",
                "providers",
                head("Provider", "Chat", "Completions", "Embeddings", "Streams", "`model.name`", "Also called") + "\n"
                        + rows);
    }

    private static String provider(Provider provider) {
        ProviderSpec spec = provider.spec();
        return row(
                "[" + code(spec.name()) + "](#" + spec.name() + ")",
                tried(provider, Task.CHAT),
                tried(provider, Task.COMPLETIONS),
                tried(provider, Task.EMBEDDINGS),
                mark(spec.streams()),
                spec.modelRequired() ? "required" : "optional",
                spec.aliases().isEmpty()
                        ? "–"
                        : spec.aliases().stream().map(DocsTable::code).collect(Collectors.joining(", ")));
    }

    private static String tried(Provider provider, Task task) {
        return provider.spec().tasks().contains(task) ? provider.status(task).wireName() : "–";
    }

    static Stream<Provider> providers() {
        return new Providers().all().stream();
    }

    @ParameterizedTest
    @MethodSource("providers")
    void what_becomes_of_parameters_is_what_the_code_does(Provider provider) throws IOException {
        DocsTable.mustRead("providers.md", provider.spec().name() + " parameters", ParameterRows.of(provider));
    }

    @Test
    void the_types_of_credentials_are_those_of_the_code() throws IOException {
        String rows = Arrays.stream(CredentialType.values())
                .flatMap(type -> type.keys().stream()
                        .map(key -> row(
                                code(type.wireName()),
                                code(key.name()),
                                key.required()
                                        ? "required"
                                        : key.defaultValue().isEmpty() ? "–" : code(key.defaultValue()),
                                kind(key),
                                key.description())))
                .collect(Collectors.joining("\n"));

        DocsTable.mustRead(
                "configuration.md", "credentials", head("Type", "Key", "Default", "Kind", "What") + "\n" + rows);
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

    @Test
    void the_failures_that_are_worth_another_attempt_are_those_of_the_code() throws IOException {
        Map<String, Failure> failures = new LinkedHashMap<>();
        failures.put("no connection, or one that broke", Failure.of(Failure.Kind.UPSTREAM_UNREACHABLE, "no"));
        failures.put("an answer that began too late", Failure.of(Failure.Kind.UPSTREAM_TIMEOUT, "no"));
        failures.put(
                "an answer that is not in the form of its provider", Failure.of(Failure.Kind.UPSTREAM_INVALID, "no"));
        IntStream.of(408, 429, 500, 502, 503, 504, 529, 401, 402, 403, 404, 400, 409, 413, 415, 422, 501)
                .forEach(status -> failures.put(Integer.toString(status), Failure.upstream(status, "no")));
        failures.put("what cannot be said in the form of its provider", Failure.of(Failure.Kind.UNPROCESSABLE, "no"));
        failures.put("a price nobody knows", Failure.of(Failure.Kind.PRICE_UNKNOWN, "no"));
        failures.put("what else the gateway refuses itself", Failure.of(Failure.Kind.UNAVAILABLE, "no"));
        Map<List<Boolean>, String> alike = failures.entrySet().stream()
                .collect(Collectors.groupingBy(
                        failure -> List.of(
                                failure.getValue().retryable(),
                                failure.getValue().leavesOtherTargets()),
                        LinkedHashMap::new,
                        Collectors.mapping(Map.Entry::getKey, Collectors.joining(", "))));

        String rows = alike.entrySet().stream()
                .map(row -> row(
                        row.getValue(),
                        mark(row.getKey().get(0)),
                        mark(row.getKey().get(1))))
                .collect(Collectors.joining("\n"));

        DocsTable.mustRead(
                "routing.md",
                "failures",
                head("Failure of a target", "The same target again (`retries`)", "The next target (`fallback`)") + "\n"
                        + rows);
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
            case FLAG -> "`true` or `false`";
            case NAMES -> "list of names";
            case HEADER -> "header name";
            case KEY_FILE -> "key file";
        };
    }
}
