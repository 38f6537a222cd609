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
            commandLine.getCommandSpec().addOption(option(setting));
        }
        return commandLine;
    }

    private static OptionSpec option(ServerSetting setting) {
        OptionSpec.Builder option = OptionSpec.builder(setting.flag())
                .type(String.class)
                .paramLabel(label(setting))
                .description(setting.description()
                        + (setting.defaultValue().isEmpty() ? "" : " Default: " + setting.defaultValue() + ".")
                        + " Variable: " + setting.variable() + ".");
        if (setting.kind() == ServerSetting.Kind.SWITCH) {
            option.arity("0..1").fallbackValue("true");
        }
        return option.build();
    }

    private static String label(ServerSetting setting) {
        return setting.choices().isEmpty() ? setting.kind().name() : String.join("|", setting.choices());
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
