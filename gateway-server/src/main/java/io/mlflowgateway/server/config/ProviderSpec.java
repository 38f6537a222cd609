package io.mlflowgateway.server.config;

import io.mlflowgateway.server.query.Task;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the configuration may say of a provider. The reader checks files against it; the JSON schema and the docs are
 * made from it.
 *
 * @param name as in {@code model.provider}; compared without case, {@code -} and {@code _} alike
 * @param aliases other names it goes by
 * @param tasks what it can do; a route for another task is refused
 * @param streams whether it can stream chat and completions
 * @param settings keys of {@code model.config}
 * @param modelRequired whether a route without {@code model.name} is refused
 * @param rules what some keys demand of others
 * @param credentials the types of {@code credentials:} its targets may name; none without a {@link #credentialKey()}
 * @param namedKey which of several secret keys {@code credential:} stands for; empty for the only one
 */
public record ProviderSpec(
        String name,
        List<String> aliases,
        Set<Task> tasks,
        boolean streams,
        List<SettingKey> settings,
        boolean modelRequired,
        List<SettingRule> rules,
        Set<CredentialType> credentials,
        String namedKey) {
    public ProviderSpec {
        aliases = List.copyOf(aliases);
        tasks = Set.copyOf(tasks);
        settings = List.copyOf(settings);
        rules = List.copyOf(rules);
        credentials = credentialKey(settings, namedKey).isPresent() ? Set.copyOf(credentials) : Set.of();
    }

    /** A provider whose targets may name static credentials in place of its key, if it has one key. */
    public ProviderSpec(
            String name,
            List<String> aliases,
            Set<Task> tasks,
            boolean streams,
            List<SettingKey> settings,
            boolean modelRequired,
            List<SettingRule> rules) {
        this(name, aliases, tasks, streams, settings, modelRequired, rules, Set.of(CredentialType.STATIC), "");
    }

    /** A provider whose routes must name a model. */
    public ProviderSpec(
            String name, List<String> aliases, Set<Task> tasks, boolean streams, List<SettingKey> settings) {
        this(name, aliases, tasks, streams, settings, true, List.of());
    }

    /** This, for routes that need not name a model. */
    public ProviderSpec withoutModel() {
        return new ProviderSpec(name, aliases, tasks, streams, settings, false, rules, credentials, namedKey);
    }

    /** This, with what some of its keys demand of others. */
    public ProviderSpec withRules(List<SettingRule> demanded) {
        return new ProviderSpec(
                name, aliases, tasks, streams, settings, modelRequired, demanded, credentials, namedKey);
    }

    /** This, for a wire format that knows bearer tokens: those that are fetched, too. */
    public ProviderSpec withTokens() {
        Set<CredentialType> all = CredentialType.tokens();
        all.addAll(credentials);
        return new ProviderSpec(name, aliases, tasks, streams, settings, modelRequired, rules, all, namedKey);
    }

    /**
     * This, for Amazon's credentials, whose keys are {@link AwsSettings#keysOfTarget()}: a static one is its bearer token.
     */
    public ProviderSpec withAwsCredentials() {
        Set<CredentialType> types = Set.of(CredentialType.STATIC, CredentialType.AWS);
        return new ProviderSpec(
                name, aliases, tasks, streams, settings, modelRequired, rules, types, AwsSettings.BEARER);
    }

    /** The key of {@code model.config} that {@code model.credential} stands for, if there is one. */
    public Optional<SettingKey> credentialKey() {
        return credentialKey(settings, namedKey);
    }

    /** The key of {@code model.config} that names a key file in place of the credential. */
    Optional<SettingKey> keyFileKey() {
        return settings.stream()
                .filter(key -> key.kind() == SettingKey.Kind.KEY_FILE)
                .findFirst();
    }

    private static Optional<SettingKey> credentialKey(List<SettingKey> settings, String namedKey) {
        List<SettingKey> secret = settings.stream()
                .filter(key -> key.kind() == SettingKey.Kind.SECRET)
                .filter(key -> namedKey.isEmpty() || key.name().equals(namedKey))
                .toList();
        return secret.size() == 1 ? Optional.of(secret.get(0)) : Optional.empty();
    }
}
