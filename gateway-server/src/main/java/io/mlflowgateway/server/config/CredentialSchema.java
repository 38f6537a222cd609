package io.mlflowgateway.server.config;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/** The part of the schema that is about credentials with a name. */
final class CredentialSchema {
    private CredentialSchema() {}

    /** The schema of {@code credentials:}. */
    static ObjectNode credentials() {
        ObjectNode list =
                ConfigSchema.object().put("description", "Credentials with a name, for any number of targets.");
        list.putArray("type").add("array").add("null");
        ArrayNode types = list.putObject("items").putArray("oneOf");
        for (CredentialType type : CredentialType.values()) {
            types.add(entry(type));
        }
        return list;
    }

    private static ObjectNode entry(CredentialType type) {
        ObjectNode entry = ConfigSchema.object();
        ObjectNode properties = ConfigSchema.mapping(entry);
        properties.set("name", ConfigSchema.ref("name"));
        properties.set("type", ConfigSchema.oneOf(List.of(type.wireName())));
        ArrayNode required = entry.putArray("required").add("name").add("type");
        for (SettingKey key : type.keys()) {
            properties.set(key.name(), SettingSchema.setting(key));
            if (key.required()) {
                required.add(key.name());
            }
        }
        return entry;
    }

    /**
     * Says what a model of this provider must have beside its name: its required keys, the secret one of them in
     * {@code config} or by {@code credential}.
     *
     * @param then holds for models of the provider
     */
    static void require(ProviderSpec spec, ObjectNode then) {
        Optional<SettingKey> replaced =
                spec.credentialKey().filter(key -> !spec.credentials().isEmpty());
        if (replaced.isEmpty()) {
            then.withObjectProperty("properties").put(TargetReader.CREDENTIAL, false);
        }
        List<SettingKey> required =
                spec.settings().stream().filter(SettingKey::required).toList();
        List<SettingKey> others = required.stream()
                .filter(key -> !replaced.equals(Optional.of(key)))
                .toList();
        if (!others.isEmpty()) {
            then.withArrayProperty("required").add("config");
        }
        if (others.size() < required.size()) {
            ObjectNode inConfig = replaced.map(CredentialSchema::inConfig).orElse(ConfigSchema.required("config"));
            ArrayNode one = then.putArray("oneOf");
            one.add(ConfigSchema.required(TargetReader.CREDENTIAL)).add(inConfig);
            spec.keyFileKey().ifPresent(key -> one.add(inConfig(key)));
        }
    }

    private static ObjectNode inConfig(SettingKey key) {
        ObjectNode model = ConfigSchema.required("config");
        model.putObject("properties").set("config", SettingSchema.oneName(key));
        return model;
    }
}
