package io.mlflowgateway.server.config;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Places keys in a schema: those with dots in their names stand in blocks of their own. */
final class SettingSchema {
    private SettingSchema() {}

    /**
     * Adds a key.
     *
     * @param properties of the block that its name begins in
     */
    static void put(ObjectNode properties, String name, SettingKey key) {
        int dot = name.indexOf('.');
        if (dot < 0) {
            properties.set(name, ConfigSchema.setting(key));
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
    static void require(ObjectNode block, ArrayNode required, String name) {
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
