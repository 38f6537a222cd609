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
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A gateway that is a process of its own: serves until it is told to stop.
 *
 * @param file where the configuration is
 * @param flags settings given on the command line, by name
 * @param out for what it says when it listens
 * @param err for what is wrong
 */
record Start(ConfigFile file, Map<String, String> flags, PrintWriter out, PrintWriter err) {
    Start {
        flags = Map.copyOf(flags);
    }

    /** Gives an exit code only where it could not start. */
    int run() throws InterruptedException {
        try (ProcessLog log = ProcessLog.begin()) {
            Optional<Path> path = file.path();
            GatewayConfig config = path.isPresent() ? file.reader().read(path.get()) : EchoRoutes.config();
            ServerSettings settings = file.settings(flags, config);
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
        } catch (RuntimeException bug) {
            // The log is closed by now, and nobody else would say anything.
            bug.printStackTrace(err);
            err.flush();
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
