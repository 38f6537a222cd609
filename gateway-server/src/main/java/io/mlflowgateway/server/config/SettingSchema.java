package io.mlflowgateway.server.config;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** The part of the schema that is about the keys of providers: those with dots in their names stand in blocks of their own. */
final class SettingSchema {
    private SettingSchema() {}

    /** The schema of {@code model.config} of a provider. */
    static ObjectNode config(ProviderSpec spec) {
        ObjectNode config = ConfigSchema.object();
        ObjectNode properties = ConfigSchema.mapping(config);
        ArrayNode required = ConfigSchema.object().arrayNode();
        for (SettingKey key : spec.settings()) {
            key.names().forEach(name -> put(properties, name, key));
            boolean mayBeNamed = spec.credentialKey().equals(Optional.of(key));
            if (key.required() && key.aliases().isEmpty() && !mayBeNamed) {
                require(config, required, key.name());
            } else if (!key.aliases().isEmpty() && !mayBeNamed) {
                config.withArray("allOf").add(oneName(key));
            }
        }
        if (!spec.rules().isEmpty()) {
            ArrayNode rules = config.withArray("allOf");
            spec.rules().forEach(rule -> rules.add(settingRule(rule)));
        }
        if (spec.settings().stream().noneMatch(SettingKey::required)) {
            return ConfigSchema.nullable(config);
        }
        return required.isEmpty() ? config : config.set("required", required);
    }

    /** One of its names, and not two. */
    static ObjectNode oneName(SettingKey key) {
        ObjectNode rule = ConfigSchema.object();
        ArrayNode names = rule.putArray("oneOf");
        key.names().forEach(name -> names.add(ConfigSchema.required(name)));
        return rule;
    }

    private static ObjectNode settingRule(SettingRule rule) {
        ObjectNode schema = ConfigSchema.object();
        ObjectNode condition = schema.putObject("if");
        condition
                .putObject("properties")
                .set(
                        rule.key(),
                        ConfigSchema.oneOf(rule.values().stream().sorted().toList()));
        condition.putArray("required").add(rule.key());
        ObjectNode then = schema.putObject("then");
        rule.needed().forEach(then.withArray("required")::add);
        rule.refused().forEach(key -> then.withObjectProperty("properties").put(key, false));
        return schema;
    }

    /** The schema of one key. */
    static ObjectNode setting(SettingKey key) {
        ObjectNode setting = ConfigSchema.object();
        switch (key.kind()) {
            case TEXT -> setting.putArray("type").add("string").add("number");
            case URL -> setting.put("type", "string").put("pattern", "^[hH][tT][tT][pP][sS]?://[^\\s?#@]+$");
            case SECRET, KEY_FILE -> setting.put("type", "string").put("minLength", 1);
            case FLAG -> setting.put("type", "boolean");
            case NAMES -> names(setting);
            case HEADER -> setting.put("type", "string").put("pattern", "^" + HeaderName.FORM + "$");
        }
        if (!key.choices().isEmpty()) {
            setting.put("type", "string");
            key.choices().forEach(setting.putArray("enum")::add);
        }
        if (key.kind() == SettingKey.Kind.FLAG && !key.defaultValue().isEmpty()) {
            setting.put("default", key.defaultValue().equals("true"));
        } else if (!key.defaultValue().isEmpty()) {
            setting.put("default", key.defaultValue());
        }
        return setting.put("description", key.description());
    }

    private static void names(ObjectNode setting) {
        ObjectNode name = ConfigSchema.object().put("type", "string").put("pattern", "^" + ParameterNames.FORM + "$");
        ObjectNode names = ConfigSchema.object().put("type", "array");
        names.set("items", name);
        setting.putArray("anyOf").add(names).add(name);
    }

    /**
     * Adds a key.
     *
     * @param properties of the block that its name begins in
     */
    private static void put(ObjectNode properties, String name, SettingKey key) {
        int dot = name.indexOf('.');
        if (dot < 0) {
            properties.set(name, setting(key));
            return;
        }
        String first = name.substring(0, dot);
        if (!properties.has(first)) {
            ObjectNode block = ConfigSchema.object();
            ConfigSchema.mapping(block);
            properties.set(first, ConfigSchema.nullable(block));
        }
        put(properties.withObjectProperty(first).withObjectProperty("properties"), name.substring(dot + 1), key);
    }

    /**
     * Says that a key must be there, and with it the blocks it stands in.
     *
     * @param block it stands in; must hold it already
     * @param required the names that must be in that block
     */
    private static void require(ObjectNode block, ArrayNode required, String name) {
        int dot = name.indexOf('.');
        String first = dot < 0 ? name : name.substring(0, dot);
        boolean isNew = true;
        for (var known : required) {
            isNew = isNew && !known.asText().equals(first);
        }
        if (isNew) {
            required.add(first);
        }
        if (dot >= 0) {
            ObjectNode inner = block.withObjectProperty("properties").withObjectProperty(first);
            inner.put("type", "object");
            require(inner, inner.withArrayProperty("required"), name.substring(dot + 1));
        }
    }
}
