package io.mlflowgateway.server;

import io.mlflowgateway.server.config.GatewayConfig;
import io.mlflowgateway.server.config.InvalidConfig;
import io.mlflowgateway.server.config.ServerSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
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
        PrintWriter out = command.commandLine().getOut();
        PrintWriter err = command.commandLine().getErr();
        Optional<Path> path = file.path();
        Gateway gateway;
        GatewayConfig config;
        try {
            config = path.isPresent() ? file.reader().read(path.get()) : EchoRoutes.config();
            ServerSettings settings = file.settings(command, config);
            List<String> ofAddress = Reach.warnings(settings);
            gateway = Gateway.start(config, settings.config());
            ofAddress.forEach(warning -> err.println("warning: " + warning));
            announce(out, err, path, config, settings, gateway.port());
        } catch (InvalidConfig invalid) {
            ConfigFile.print(invalid, err);
            return 2;
        } catch (IOException e) {
            err.println(e.getMessage());
            err.flush();
            return 1;
        }
        path.ifPresent(found -> gateway.watch(found, file.reader(), config));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(gateway), "shutdown"));
        new CountDownLatch(1).await();
        return 0;
    }

    private static void stop(Gateway gateway) {
        gateway.close();
        // A signal would otherwise end the process with 143, although everything was finished in order.
        Runtime.getRuntime().halt(0);
    }

    private static void announce(
            PrintWriter out,
            PrintWriter err,
            Optional<Path> path,
            GatewayConfig config,
            ServerSettings settings,
            int port) {
        config.warnings().forEach(warning -> err.println("warning: " + warning));
        settings.warnings().forEach(warning -> err.println("warning: " + warning));
        if (path.isEmpty()) {
            out.println("No configuration given (--config-path): serving the built-in offline echo routes");
        }
        settings.differing().forEach(setting -> out.println("  " + setting));
        String host = settings.config().host();
        boolean bare = host.contains(":") && !host.startsWith("[");
        out.println("Listening on http://" + (bare ? "[" + host + "]" : host) + ":" + port + " with "
                + ConfigFile.routes(config));
        out.flush();
        err.flush();
    }
}
