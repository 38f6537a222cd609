package io.mlflowgateway.server.config;

/**
 * A setting with the value in force.
 *
 * @param value as it was written
 * @param origin who said so: the flag, the variable or the key, or {@code default}
 */
public record EffectiveSetting(ServerSetting setting, String value, String origin) {
    /** The origin of what nobody set. */
    public static final String DEFAULT = "default";

    /** Whether the value is another than the default, however it is written. */
    public boolean differs() {
        return switch (setting.kind()) {
            case TEXT -> !value.equals(setting.defaultValue());
            case LIST -> !ServerSetting.items(value).equals(ServerSetting.items(setting.defaultValue()));
            case DURATION, SIZE, COUNT, SWITCH, CHOICE ->
                setting.number(value) != setting.number(setting.defaultValue());
        };
    }

    /** For people: name, value, default and origin on one line. */
    @Override
    public String toString() {
        return setting.settingName() + " = " + value + " (default "
                + (setting.defaultValue().isEmpty() ? "none" : setting.defaultValue()) + ", from " + origin + ")";
    }
}
