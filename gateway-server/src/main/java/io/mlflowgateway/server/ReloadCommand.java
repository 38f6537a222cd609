package io.mlflowgateway.server;

import io.mlflowgateway.server.config.Amount;
import io.mlflowgateway.server.config.ConfigReader;
import io.mlflowgateway.server.config.GatewayConfig;
import io.mlflowgateway.server.config.InvalidConfig;
import io.mlflowgateway.server.remote.GatewayState;
import io.mlflowgateway.server.remote.RunningGateway;
import io.mlflowgateway.server.remote.Unreachable;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/**
 * Waits until a running gateway has a file in force; it takes the file over by itself. With {@code --dry-run}, says what
 * that would change, and changes nothing.
 */
@Command(
        name = "reload",
        description =
                "Waits until a running gateway has a configuration in force; with --dry-run, says what would change.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:it is in force; with --dry-run, it could be",
            "1:the gateway did not take it over in time",
            "2:the configuration cannot be used, or the gateway cannot be asked"
        })
final class ReloadCommand implements Callable<Integer> {
    private static final Duration BETWEEN_QUESTIONS = Duration.ofMillis(200);

    @Mixin
    private final ConfigFile file;

    @Mixin
    private final GatewayUrl url;

    @Option(names = "--dry-run", description = "Check the file, say what would change, change nothing.")
    private boolean dryRun;

    @Option(
            names = "--wait",
            paramLabel = "DURATION",
            defaultValue = "10s",
            converter = WaitTime.class,
            description = "How long to wait, for example 500ms or 10s. Default: ${DEFAULT-VALUE}.")
    private Duration wait = Duration.ZERO;

    @Spec
    private CommandSpec command = CommandSpec.create();

    ReloadCommand(Map<String, String> environment) {
        this.file = new ConfigFile(environment);
        this.url = new GatewayUrl(environment);
    }

    /** Times as in the settings. */
    static final class WaitTime implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            return Amount.millis(text)
                    .map(Duration::ofMillis)
                    .orElseThrow(() -> new TypeConversionException("'" + text + "' is no time such as 500ms or 10s"));
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter err = command.commandLine().getErr();
        Optional<Path> path = file.path();
        if (path.isEmpty()) {
            return ConfigFile.unnamed(err);
        }
        try {
            return dryRun ? tried(path.get()) : awaited(path.get());
        } catch (InvalidConfig invalid) {
            ConfigFile.print(invalid, err);
        } catch (Unreachable unreachable) {
            err.println(unreachable.getMessage());
        }
        err.flush();
        return 2;
    }

    private int tried(Path path) throws InvalidConfig, Unreachable, InterruptedException {
        PrintWriter out = command.commandLine().getOut();
        GatewayConfig next = file.reader().read(path);
        next.warnings().forEach(warning -> out.println("warning: " + warning));
        WouldChange.in(new RunningGateway(url.url(next.server())), path, next).print(out);
        out.flush();
        return 0;
    }

    private int awaited(Path path) throws InvalidConfig, Unreachable, InterruptedException {
        String wanted = ConfigReader.version(path);
        RunningGateway gateway = new RunningGateway(url.url(server(path)));
        long end = System.nanoTime() + wait.toNanos();
        GatewayState state = gateway.state();
        while (!state.version().equals(wanted) && !isRefused(state, wanted) && System.nanoTime() - end < 0) {
            pause();
            state = gateway.state();
        }
        PrintWriter out = command.commandLine().getOut();
        PrintWriter err = command.commandLine().getErr();
        if (state.version().equals(wanted)) {
            out.println("configuration " + wanted + " is in force, " + state.routes() + " routes");
            out.flush();
            return 0;
        }
        if (isRefused(state, wanted)) {
            err.println("the gateway cannot use it, configuration " + state.version() + " stays in force:");
            state.problems().forEach(err::println);
            err.flush();
            return 2;
        }
        err.println("not in force within " + wait.toMillis() + " ms: " + reason(state, path, wanted));
        state.problems().forEach(err::println);
        err.flush();
        return 1;
    }

    private static boolean isRefused(GatewayState state, String wanted) {
        return !state.success() && state.fileVersion().equals(Optional.of(wanted));
    }

    private static String reason(GatewayState state, Path path, String wanted) {
        if (state.file().isEmpty()) {
            return "the gateway was started without a file and takes over none";
        }
        return "the gateway watches '" + state.file().get() + "', which holds "
                + state.fileVersion().orElse("nothing that can be read") + ", and " + path + " is " + wanted;
    }

    /** Only to find the gateway: whether the file can be used is for the gateway to say. */
    private Map<String, String> server(Path path) {
        try {
            return file.reader().read(path).server();
        } catch (InvalidConfig e) {
            return Map.of();
        }
    }

    private static void pause() throws InterruptedException {
        LockSupport.parkNanos(BETWEEN_QUESTIONS.toNanos());
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }
}
