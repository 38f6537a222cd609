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

    /** The same, whose credential comes from there. */
    Settings from(TokenSource source) {
        return new Settings(texts, secrets, Optional.of(source));
    }

    /** The same with one text more, or another. */
    Settings with(String key, String text) {
        Map<String, String> all = new HashMap<>(texts);
        all.put(key, text);
        return new Settings(all, secrets, tokens);
    }

    /**
     * The same with what an attempt shows, so that no answer can tell it: what was fetched stands where a key would.
     *
     * @param tokenKey where a token stands
     */
    public Settings showing(Credential shown, String tokenKey) {
        Settings all = shown.isToken() ? with(tokenKey, shown.secret()) : this;
        for (Map.Entry<String, Secret> part : shown.parts().entrySet()) {
            all = all.with(part.getKey(), part.getValue());
        }
        return all;
    }

    /** The same with one secret more: what was fetched stands where a key would, and is masked as one. */
    public Settings with(String key, Secret secret) {
        Map<String, Secret> all = new HashMap<>(secrets);
        all.put(key, secret);
        return new Settings(texts, all, tokens);
    }
}
