package io.mlflowgateway.server.config;

import io.mlflowgateway.server.query.Task;
import java.util.List;
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
 */
public record ProviderSpec(
        String name,
        List<String> aliases,
        Set<Task> tasks,
        boolean streams,
        List<SettingKey> settings,
        boolean modelRequired,
        List<SettingRule> rules) {
    public ProviderSpec {
        aliases = List.copyOf(aliases);
        tasks = Set.copyOf(tasks);
        settings = List.copyOf(settings);
        rules = List.copyOf(rules);
    }

    /** A provider whose routes must name a model. */
    public ProviderSpec(
            String name, List<String> aliases, Set<Task> tasks, boolean streams, List<SettingKey> settings) {
        this(name, aliases, tasks, streams, settings, true, List.of());
    }

    /** This, for routes that need not name a model. */
    public ProviderSpec withoutModel() {
        return new ProviderSpec(name, aliases, tasks, streams, settings, false, rules);
    }

    /** This, with what some of its keys demand of others. */
    public ProviderSpec withRules(List<SettingRule> demanded) {
        return new ProviderSpec(name, aliases, tasks, streams, settings, modelRequired, demanded);
    }
}
