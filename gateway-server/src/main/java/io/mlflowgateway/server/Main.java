package io.mlflowgateway.server;

import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line. The flags of {@code start} are those of MLflow's own {@code gateway start}, and more. */
@Command(
        name = "gateway-server",
        description = "Named routes in front of model providers.",
        synopsisSubcommandLabel = "COMMAND")
public final class Main {
    private Main() {}

    /** Runs a command and ends with its exit code: 0 done, 1 failed, 2 wrong usage or configuration. */
    public static void main(String[] arguments) {
        System.exit(commandLine(System.getenv()).execute(arguments));
    }

    /** All commands, for {@link #main} and for tests. */
    static CommandLine commandLine(Map<String, String> environment) {
        return new CommandLine(new Main())
                .addSubcommand(SettingFlags.addedTo(new StartCommand(environment)))
                .addSubcommand(SettingFlags.addedTo(new ValidateCommand(environment)))
                .addSubcommand(new VersionCommand());
    }
}
