package io.mlflowgateway.server.reliability;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import io.mlflowgateway.server.config.ConfigReader;
import io.mlflowgateway.server.config.InvalidConfig;
import io.mlflowgateway.server.testing.GatewayProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Configuration files, and the built jar started with one. */
final class ConfigFiles {
    /** Stands where a key stands. */
    static final String CANARY = "sk-canary-4711-never-shown";

    private static final String GOOD = """
            endpoints:
              - name: chat
                endpoint_type: llm/v1/chat
                model: {provider: echo, name: %s}
              - name: other
                endpoint_type: llm/v1/chat
                model:
                  provider: openai
                  name: m
                  config: {openai_api_key: %s, openai_api_base: 'http://canary.internal:1/v1'}
            """;

    private ConfigFiles() {}

    /** Two routes: {@code chat} answers with this model, {@code other} holds what may not be shown. */
    static String good(String model) {
        return GOOD.formatted(model, CANARY);
    }

    static GatewayProcess start(Path config) {
        return new GatewayProcess(Map.of(), "start", "--port", "0", "--config-path", config.toString());
    }

    static String version(Path file) {
        try {
            return ConfigReader.version(file);
        } catch (InvalidConfig e) {
            throw new AssertionError(e);
        }
    }

    /** In one step. */
    static void replace(Path file, String content) throws IOException {
        Path next = Files.writeString(file.resolveSibling("next.tmp"), content);
        Files.move(next, file, ATOMIC_MOVE, REPLACE_EXISTING);
    }
}
