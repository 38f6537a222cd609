package io.mlflowgateway.server;

import io.mlflowgateway.server.config.ConfigReader;
import io.mlflowgateway.server.config.GatewayConfig;
import io.mlflowgateway.server.config.InvalidConfig;
import io.mlflowgateway.server.config.ServerConfigReader;
import io.mlflowgateway.server.config.ServerSettings;
import io.mlflowgateway.server.provider.Providers;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The flag that names the configuration, and what is read from there. Mixed into the commands that need it. */
final class ConfigFile {
    /** MLflow's own variables for the path, of the gateway (2.5) and of the deployments server (2.9). */
    private static final List<String> VARIABLES = List.of("MLFLOW_GATEWAY_CONFIG", "MLFLOW_DEPLOYMENTS_CONFIG");

    static final String FLAG = "--config-path";

    @Option(
            names = FLAG,
            paramLabel = "FILE",
            description = "The YAML file with the routes, in any of MLflow's forms."
                    + " Variables: MLFLOW_GATEWAY_CONFIG, MLFLOW_DEPLOYMENTS_CONFIG.")
    private @Nullable Path path;

    private final Map<String, String> environment;

    ConfigFile(Map<String, String> environment) {
        this.environment = environment;
    }

    /** With the flag given. */
    ConfigFile(Map<String, String> environment, Optional<Path> path) {
        this(environment);
        this.path = path.orElse(null);
    }

    /** Where the file is; empty when nobody said. */
    Optional<Path> path() {
        return Optional.ofNullable(path)
                .or(() -> VARIABLES.stream()
                        .flatMap(name -> Stream.ofNullable(environment.get(name)))
                        .filter(value -> !value.isBlank())
                        .findFirst()
                        .map(Path::of));
    }

    /** Reads files as this process would. */
    ConfigReader reader() {
        return new ConfigReader(new Providers().specs(), environment);
    }

    /** The settings, flags first: those by {@code ServerSetting.settingName()}. */
    ServerSettings settings(Map<String, String> flags, GatewayConfig config) throws InvalidConfig {
        return new ServerConfigReader(environment, Runtime.getRuntime().availableProcessors())
                .read(flags, config.server());
    }

    /** How many routes there are, and how many of them are run by settings of their own. */
    static String routes(GatewayConfig config) {
        long own = config.routes().stream()
                .filter(route -> !route.upstream().isEmpty())
                .count();
        return config.routes().size() + " routes" + (own == 0 ? "" : ", " + own + " with settings of their own");
    }

    /** Asks for the file; the command's exit code. */
    static int unnamed(PrintWriter err) {
        err.println("name the file with --config-path");
        err.flush();
        return 2;
    }

    /** Says everything that is wrong. */
    static void print(InvalidConfig invalid, PrintWriter err) {
        invalid.problems().forEach(err::println);
        invalid.warnings().forEach(warning -> err.println("warning: " + warning));
        err.println(invalid.problems().size() + " problem(s) found");
        err.flush();
    }
}
