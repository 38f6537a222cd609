package io.mlflowgateway.server.config;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** The part of the schema that is made from the table of {@link ServerSetting}s. */
final class ServerSchema {
    private ServerSchema() {}

    /** The schema of the {@code server:} block. */
    static ObjectNode block() {
        ObjectNode server = ConfigSchema.object().put("description", "How the server runs; read at start only.");
        ObjectNode properties = ConfigSchema.mapping(server);
        settings(properties, "");
        for (String block : List.of("timeouts", "limits", "log")) {
            settings(ConfigSchema.mapping(properties.putObject(block)), block);
        }
        return server;
    }

    /** The schema of a route's own block of this name. Its defaults are what the server's block says. */
    static ObjectNode ofRoute(String block) {
        ObjectNode schema = ConfigSchema.object();
        ObjectNode properties = ConfigSchema.mapping(schema);
        settings(properties, block);
        properties.retain(ServerSetting.keysOfRoutes(block));
        properties.forEach(setting -> ((ObjectNode) setting).remove("default"));
        return schema;
    }

    private static void settings(ObjectNode properties, String block) {
        for (String key : ServerSetting.keysIn(block)) {
            ServerSetting.withKey(block.isEmpty() ? key : block + "." + key)
                    .ifPresent(setting -> properties.set(key, setting(setting)));
        }
    }

    private static ObjectNode setting(ServerSetting setting) {
        ObjectNode schema = ConfigSchema.object();
        switch (setting.kind()) {
            case DURATION -> schema.put("type", "string").put("pattern", "^[0-9]+(\\.[0-9]+)? ?([mM]?[sS]|[mM]|[hH])$");
            case SIZE -> {
                schema.putArray("type").add("string").add("integer");
                schema.put("pattern", "^[0-9]+(\\.[0-9]+)? ?([kKmMgG][iI]?[bB]|[bB])?$");
            }
            case COUNT -> schema.put("type", "integer").put("minimum", 0);
            case TEXT -> schema.put("type", "string");
            case LIST -> {
                schema.putArray("type").add("string").add("array");
                schema.putObject("items").put("type", "string");
            }
            case SWITCH -> schema.put("type", "boolean");
            case CHOICE ->
                setting.choices().forEach(schema.put("type", "string").putArray("enum")::add);
        }
        switch (setting.kind()) {
            case COUNT -> schema.put("default", Integer.parseInt(setting.defaultValue()));
            case SWITCH -> schema.put("default", Boolean.parseBoolean(setting.defaultValue()));
            default -> schema.put("default", setting.defaultValue());
        }
        return schema.put("description", setting.description());
    }
}
