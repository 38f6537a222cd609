package io.mlflowgateway.server;

import io.mlflowgateway.server.config.ServerSetting;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** One flag for each {@link ServerSetting}. */
final class SettingFlags {
    private SettingFlags() {}

    /** The command with a flag for every setting. */
    static CommandLine addedTo(Object command) {
        CommandLine commandLine = new CommandLine(command);
        for (ServerSetting setting : ServerSetting.values()) {
            commandLine
                    .getCommandSpec()
                    .addOption(OptionSpec.builder(setting.flag())
                            .type(String.class)
                            .paramLabel(setting.kind().name())
                            .description(setting.description() + " Default: " + setting.defaultValue() + ". Variable: "
                                    + setting.variable() + ".")
                            .build());
        }
        return commandLine;
    }

    /** What was given, by {@link ServerSetting#settingName()}. */
    static Map<String, String> given(CommandSpec spec) {
        Map<String, String> given = new LinkedHashMap<>();
        for (ServerSetting setting : ServerSetting.values()) {
            String value = spec.findOption(setting.flag()).getValue();
            if (value != null) {
                given.put(setting.settingName(), value);
            }
        }
        return given;
    }
}
