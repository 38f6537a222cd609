package io.mlflowgateway.server.config;

import io.mlflowgateway.server.secret.Credential;
import io.mlflowgateway.server.secret.Secret;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A target's provider settings, read and checked. Defaults are filled in.
 *
 * @param texts values of the TEXT and URL keys
 * @param secrets values of the SECRET keys
 * @param tokens where the credential is fetched, in place of the provider's {@link ProviderSpec#credentialKey()}
 */
public record Settings(Map<String, String> texts, Map<String, Secret> secrets, Optional<TokenSource> tokens) {
    public static final Settings NONE = new Settings(Map.of(), Map.of());

    public Settings {
        texts = Map.copyOf(texts);
        secrets = Map.copyOf(secrets);
    }

    /** Settings that hold their credential. */
    public Settings(Map<String, String> texts, Map<String, Secret> secrets) {
        this(texts, secrets, Optional.empty());
    }

    public Optional<String> text(String key) {
        return Optional.ofNullable(texts.get(key));
    }

    public Optional<Secret> secret(String key) {
        return Optional.ofNullable(secrets.get(key));
    }

    /** The credential they hold, where it is a single key. */
    public Credential credential() {
        return Credential.in(secrets);
    }

    /** The same with one secret more: what was fetched stands where a key would, and is masked as one. */
    public Settings with(String key, Secret secret) {
        Map<String, Secret> all = new HashMap<>(secrets);
        all.put(key, secret);
        return new Settings(texts, all, tokens);
    }
}
