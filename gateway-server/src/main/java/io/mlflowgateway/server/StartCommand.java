package io.mlflowgateway.server;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Serves until the process is told to stop; then lets what runs finish and ends with 0. */
@Command(
        name = "start",
        description = "Starts the gateway. Without a configuration it serves offline echo routes.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:told to stop, and did in order",
            "1:the address cannot be listened on",
            "2:wrong usage or configuration"
        })
final class StartCommand implements Callable<Integer> {
    @Mixin
    private final ConfigFile file;

    @Spec
    private CommandSpec command = CommandSpec.create();

    StartCommand(Map<String, String> environment) {
        this.file = new ConfigFile(environment);
    }

    @Override
    public Integer call() throws InterruptedException {
        CommandLine line = command.commandLine();
        return new Start(file, SettingFlags.given(command), line.getOut(), line.getErr()).run();
    }
}
