package io.mlflowgateway.server;

import io.mlflowgateway.server.config.GatewayConfig;
import io.mlflowgateway.server.config.InvalidConfig;
import io.mlflowgateway.server.remote.RunningGateway;
import io.mlflowgateway.server.remote.Unreachable;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Says what would change in a running gateway if a file were put in force. Changes nothing. */
@Command(
        name = "diff",
        description = "Says what would change in a running gateway if a configuration were put in force.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:nothing",
            "1:something, which is printed",
            "2:the configuration cannot be used, or the gateway cannot be asked"
        })
final class DiffCommand implements Callable<Integer> {
    @Mixin
    private final ConfigFile file;

    @Mixin
    private final GatewayUrl url;

    @Spec
    private CommandSpec command = CommandSpec.create();

    DiffCommand(Map<String, String> environment) {
        this.file = new ConfigFile(environment);
        this.url = new GatewayUrl(environment);
    }

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = command.commandLine().getOut();
        PrintWriter err = command.commandLine().getErr();
        Optional<Path> path = file.path();
        if (path.isEmpty()) {
            return ConfigFile.unnamed(err);
        }
        try {
            GatewayConfig next = file.reader().read(path.get());
            next.warnings().forEach(warning -> err.println("warning: " + warning));
            WouldChange change = WouldChange.in(new RunningGateway(url.url(next.server())), path.get(), next);
            change.print(out);
            out.flush();
            return change.any() ? 1 : 0;
        } catch (InvalidConfig invalid) {
            ConfigFile.print(invalid, err);
        } catch (Unreachable unreachable) {
            err.println(unreachable.getMessage());
        }
        err.flush();
        return 2;
    }
}
