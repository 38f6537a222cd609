package io.mlflowgateway.server.config;

import java.util.List;
import java.util.Set;

/**
 * What the value of one key of a provider demands of others.
 *
 * @param key a key with choices
 * @param values for which of them the rule holds
 * @param needed keys that must be written then, whatever their defaults
 * @param refused keys that must not
 */
public record SettingRule(String key, Set<String> values, List<String> needed, List<String> refused) {
    public SettingRule {
        values = Set.copyOf(values);
        needed = List.copyOf(needed);
        refused = List.copyOf(refused);
    }
}
