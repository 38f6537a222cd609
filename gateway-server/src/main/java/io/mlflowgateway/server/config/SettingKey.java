package io.mlflowgateway.server.config;

/**
 * One key of a provider's {@code config:} block.
 *
 * @param name as in the file
 * @param kind how its value is read
 * @param required whether a route without it is refused
 * @param defaultValue used when the key is absent; empty for none
 * @param description one sentence for docs and the schema
 */
public record SettingKey(String name, Kind kind, boolean required, String defaultValue, String description) {

    /** How a value is read. */
    public enum Kind {
        /** A string, taken as it stands. */
        TEXT,
        /** An absolute http or https URL; a trailing slash is cut. */
        URL,
        /** A credential: {@code $ENV}, the path of a file, or the value itself; resolved once, never printed. */
        SECRET
    }

    public static SettingKey required(String name, Kind kind, String description) {
        return new SettingKey(name, kind, true, "", description);
    }

    public static SettingKey optional(String name, Kind kind, String defaultValue, String description) {
        return new SettingKey(name, kind, false, defaultValue, description);
    }
}
