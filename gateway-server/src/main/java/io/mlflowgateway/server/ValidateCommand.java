package io.mlflowgateway.server;

import io.mlflowgateway.server.config.GatewayConfig;
import io.mlflowgateway.server.config.InvalidConfig;
import io.mlflowgateway.server.config.ServerSettings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Says whether a configuration is good, and everything that is wrong with one that is not. */
@Command(
        name = "validate",
        description = "Checks a configuration without serving it; exit code 2 when it cannot be used.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:it can be used", "2:wrong usage or configuration"})
final class ValidateCommand implements Callable<Integer> {
    @Mixin
    private final ConfigFile file;

    @Spec
    private CommandSpec command = CommandSpec.create();

    ValidateCommand(Map<String, String> environment) {
        this.file = new ConfigFile(environment);
    }

    @Override
    public Integer call() {
        PrintWriter out = command.commandLine().getOut();
        PrintWriter err = command.commandLine().getErr();
        Optional<Path> path = file.path();
        if (path.isEmpty()) {
            return ConfigFile.unnamed(err);
        }
        try {
            GatewayConfig config = file.reader().read(path.get());
            ServerSettings settings = file.settings(SettingFlags.given(command), config);
            List<String> ofAddress = Reach.warnings(settings);
            config.warnings().forEach(warning -> out.println("warning: " + warning));
            settings.warnings().forEach(warning -> out.println("warning: " + warning));
            ofAddress.forEach(warning -> out.println("warning: " + warning));
            settings.differing().forEach(setting -> out.println("  " + setting));
            out.println(path.get() + " is valid: " + ConfigFile.routes(config) + ", version " + config.version());
            out.flush();
            return 0;
        } catch (InvalidConfig invalid) {
            ConfigFile.print(invalid, err);
            return 2;
        }
    }
}
