package io.mlflowgateway.server.config;

import java.util.List;
import java.util.stream.Stream;

/**
 * One key of a provider's {@code config:} block.
 *
 * @param name as in the file; of a key in a block of its own, behind that block's name and a dot
 * @param kind how its value is read
 * @param required whether a route without it is refused
 * @param defaultValue used when the key is absent; empty for none
 * @param description one sentence for docs and the schema
 * @param choices the only values a TEXT key takes, compared without case; empty where any will do
 * @param aliases other names it is written by in files; one of all is enough
 */
public record SettingKey(
        String name,
        Kind kind,
        boolean required,
        String defaultValue,
        String description,
        List<String> choices,
        List<String> aliases) {
    public SettingKey {
        choices = List.copyOf(choices);
        aliases = List.copyOf(aliases);
    }

    /** How a value is read. */
    public enum Kind {
        /** A string, taken as it stands. */
        TEXT,
        /** An absolute http or https URL; a trailing slash is cut. */
        URL,
        /** A credential: {@code $ENV}, the path of a file, or the value itself; resolved once, never printed. */
        SECRET,
        /** {@code true} or {@code false}. */
        FLAG,
        /** A list of names without white space, or one name; kept with a comma between them. */
        NAMES,
        /** The name of a header; none of those that the transport sets itself. */
        HEADER,
        /** A Google service account's key file, by which tokens are fetched in place of the provider's credential. */
        KEY_FILE
    }

    public static SettingKey required(String name, Kind kind, String description) {
        return new SettingKey(name, kind, true, "", description, List.of(), List.of());
    }

    /** A TEXT key that takes one of these; the first when it is absent. */
    public static SettingKey choice(String name, List<String> choices, String description) {
        return new SettingKey(name, Kind.TEXT, false, choices.get(0), description, choices, List.of());
    }

    public static SettingKey optional(String name, Kind kind, String defaultValue, String description) {
        return new SettingKey(name, kind, false, defaultValue, description, List.of(), List.of());
    }

    /** This, which may also be written so. */
    public SettingKey orCalled(String alias) {
        return new SettingKey(name, kind, required, defaultValue, description, choices, List.of(alias));
    }

    /** All names it is written by, its own first. */
    List<String> names() {
        return Stream.concat(Stream.of(name), aliases.stream()).toList();
    }
}
