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
 */
public record ProviderSpec(
        String name,
        List<String> aliases,
        Set<Task> tasks,
        boolean streams,
        List<SettingKey> settings,
        boolean modelRequired,
        List<SettingRule> rules,
        Set<CredentialType> credentials) {
    public ProviderSpec {
        aliases = List.copyOf(aliases);
        tasks = Set.copyOf(tasks);
        settings = List.copyOf(settings);
        rules = List.copyOf(rules);
        credentials = onlySecret(settings).isPresent() ? Set.copyOf(credentials) : Set.of();
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
        this(name, aliases, tasks, streams, settings, modelRequired, rules, Set.of(CredentialType.STATIC));
    }

    /** A provider whose routes must name a model. */
    public ProviderSpec(
            String name, List<String> aliases, Set<Task> tasks, boolean streams, List<SettingKey> settings) {
        this(name, aliases, tasks, streams, settings, true, List.of());
    }

    /** This, for routes that need not name a model. */
    public ProviderSpec withoutModel() {
        return new ProviderSpec(name, aliases, tasks, streams, settings, false, rules, credentials);
    }

    /** This, with what some of its keys demand of others. */
    public ProviderSpec withRules(List<SettingRule> demanded) {
        return new ProviderSpec(name, aliases, tasks, streams, settings, modelRequired, demanded, credentials);
    }

    /** This, for a wire format that knows bearer tokens: those that are fetched, too. */
    public ProviderSpec withTokens() {
        Set<CredentialType> all = CredentialType.tokens();
        all.addAll(credentials);
        return new ProviderSpec(name, aliases, tasks, streams, settings, modelRequired, rules, all);
    }

    /** The key of {@code model.config} that {@code model.credential} stands for: the only secret one, if there is one. */
    public Optional<SettingKey> credentialKey() {
        return onlySecret(settings);
    }

    private static Optional<SettingKey> onlySecret(List<SettingKey> settings) {
        List<SettingKey> secret = settings.stream()
                .filter(key -> key.kind() == SettingKey.Kind.SECRET)
                .toList();
        return secret.size() == 1 ? Optional.of(secret.get(0)) : Optional.empty();
    }
}
