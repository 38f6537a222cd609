package io.mlflowgateway.server.config;

import io.mlflowgateway.server.query.Task;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Providers, an environment and files to test the reader with. */
final class SampleConfigs {
    /** Stands where a key stands; no message may ever show it. */
    static final String CANARY = "canary-7f3a9c-never-shown";

    static final List<ProviderSpec> PROVIDERS = List.of(
            new ProviderSpec(
                            "openai",
                            List.of(),
                            EnumSet.allOf(Task.class),
                            true,
                            List.of(
                                    SettingKey.required("openai_api_key", SettingKey.Kind.SECRET, "The key."),
                                    SettingKey.optional(
                                            "openai_api_base",
                                            SettingKey.Kind.URL,
                                            "https://api.openai.com/v1",
                                            "The URL."),
                                    SettingKey.optional("openai_organization", SettingKey.Kind.TEXT, "", "Who pays.")))
                    .withTokens(),
            new ProviderSpec(
                    "text-embedder",
                    List.of("tei_server"),
                    EnumSet.of(Task.EMBEDDINGS),
                    false,
                    List.of(SettingKey.required("server_url", SettingKey.Kind.URL, "Where it is."))),
            new ProviderSpec("echo", List.of(), EnumSet.allOf(Task.class), true, List.of()).withoutModel());

    static final Map<String, String> ENVIRONMENT = Map.of("OPENAI_API_KEY", "sk-from-env", "BLANK", "  ");

    private SampleConfigs() {}

    static GatewayConfig read(String yaml) throws InvalidConfig {
        return new ConfigReader(PROVIDERS, ENVIRONMENT).read("gateway.yaml", yaml.getBytes(StandardCharsets.UTF_8));
    }

    static GatewayConfig good(String yaml) {
        try {
            return read(yaml);
        } catch (InvalidConfig e) {
            throw new AssertionError(e.getMessage(), e);
        }
    }

    /** What the reader refuses the file with, one problem per line; empty when it takes it. */
    static String problems(String yaml) {
        return problems(yaml.getBytes(StandardCharsets.UTF_8));
    }

    static String problems(byte[] yaml) {
        try {
            var config = new ConfigReader(PROVIDERS, ENVIRONMENT).read("gateway.yaml", yaml);
            return config.version().isEmpty() ? "a configuration without a version" : "";
        } catch (InvalidConfig e) {
            return e.problems().stream().map(Problems.Problem::toString).collect(Collectors.joining("\n"));
        }
    }

    /** A file of one openai chat route with these lines below its {@code model:} and {@code config:}. */
    static String openai(String config) {
        return """
                endpoints:
                  - name: chat
                    endpoint_type: llm/v1/chat
                    model:
                      provider: openai
                      name: gpt-x
                      config:
                """ + config.indent(8);
    }

    /** A file of one echo chat route named so. */
    static String echo(String name) {
        return """
                endpoints:
                  - name: %s
                    endpoint_type: llm/v1/chat
                    model: {provider: echo}
                """.formatted(name);
    }
}
