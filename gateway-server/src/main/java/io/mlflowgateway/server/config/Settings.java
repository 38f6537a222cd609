package io.mlflowgateway.server.config;

import io.mlflowgateway.server.secret.Secret;
import java.util.Map;
import java.util.Optional;

/**
 * A target's provider settings, read and checked. Defaults are filled in.
 *
 * @param texts values of the TEXT and URL keys
 * @param secrets values of the SECRET keys
 */
public record Settings(Map<String, String> texts, Map<String, Secret> secrets) {
    public static final Settings NONE = new Settings(Map.of(), Map.of());

    public Settings {
        texts = Map.copyOf(texts);
        secrets = Map.copyOf(secrets);
    }

    public Optional<String> text(String key) {
        return Optional.ofNullable(texts.get(key));
    }

    public Optional<Secret> secret(String key) {
        return Optional.ofNullable(secrets.get(key));
    }
}
