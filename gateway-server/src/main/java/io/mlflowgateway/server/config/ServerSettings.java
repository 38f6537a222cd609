package io.mlflowgateway.server.config;

import java.util.List;

/**
 * How the server is to run, and who said so.
 *
 * @param config the values in force
 * @param settings one of each {@link ServerSetting}, in the table's order
 * @param warnings what looks like a setting and is none
 */
public record ServerSettings(ServerConfig config, List<EffectiveSetting> settings, List<String> warnings) {
    public ServerSettings {
        settings = List.copyOf(settings);
        warnings = List.copyOf(warnings);
    }

    /** What differs from the defaults, for {@code validate} and start-up to print. */
    public List<EffectiveSetting> differing() {
        return settings.stream().filter(EffectiveSetting::differs).toList();
    }
}
