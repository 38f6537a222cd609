package io.mlflowgateway.server;

import io.mlflowgateway.server.config.GatewayConfig;
import io.mlflowgateway.server.config.InvalidConfig;
import io.mlflowgateway.server.config.ServerSettings;
import io.mlflowgateway.server.log.ProcessLog;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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
        try (ProcessLog log = ProcessLog.begin()) {
            Optional<Path> path = file.path();
            GatewayConfig config = path.isPresent() ? file.reader().read(path.get()) : EchoRoutes.config();
            ServerSettings settings = file.settings(command, config);
            List<String> ofAddress = Reach.warnings(settings);
            log.settle(settings.config().log());
            Gateway gateway = Gateway.start(config, settings.config(), log);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(gateway, log), "shutdown"));
            path.ifPresent(found -> gateway.watch(found, file.reader(), config));
            warn(config, settings, ofAddress);
            announce(new Announcement(out), path.isEmpty(), config, settings, gateway.port());
            new CountDownLatch(1).await();
            return 0;
        } catch (InvalidConfig invalid) {
            StringWriter problems = new StringWriter();
            ConfigFile.print(invalid, new PrintWriter(problems));
            new Announcement(err).line(problems.toString().stripTrailing()).say();
            return 2;
        } catch (IOException e) {
            new Announcement(err).line(String.valueOf(e.getMessage())).say();
            return 1;
        }
    }

    private static void stop(Gateway gateway, ProcessLog log) {
        SecondSignal.endsAtOnce();
        gateway.close();
        log.close();
        // A signal would otherwise end the process with 143, although everything was finished in order.
        Runtime.getRuntime().halt(0);
    }

    private static void warn(GatewayConfig config, ServerSettings settings, List<String> ofAddress) {
        Logger log = LoggerFactory.getLogger(Gateway.class);
        config.warnings().forEach(warning -> log.warn("{}", warning));
        settings.warnings().forEach(warning -> log.warn("{}", warning));
        ofAddress.forEach(warning -> log.warn("{}", warning));
    }

    private static void announce(
            Announcement out, boolean builtIn, GatewayConfig config, ServerSettings settings, int port) {
        if (builtIn) {
            out.line("No configuration given (--config-path): serving the built-in offline echo routes");
        }
        settings.differing().forEach(setting -> out.line("  " + setting));
        String host = settings.config().host();
        boolean bare = host.contains(":") && !host.startsWith("[");
        out.line("Listening on http://" + (bare ? "[" + host + "]" : host) + ":" + port + " with "
                + ConfigFile.routes(config));
        out.say();
    }
}
