package io.mlflowgateway.server;

import io.mlflowgateway.server.config.InvalidConfig;
import io.mlflowgateway.server.config.Problems;
import io.mlflowgateway.server.config.ServerConfig;
import io.mlflowgateway.server.config.ServerConfigReader;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The flag that names a running gateway. Without it, where one would listen by the variables and the file. */
final class GatewayUrl {
    private static final Set<String> WILDCARDS = Set.of("0.0.0.0", "::", "[::]");

    @Option(
            names = "--url",
            paramLabel = "URL",
            description =
                    "The running gateway. Default: where it listens by GATEWAY_HOST and GATEWAY_PORT or the file's"
                            + " server block, otherwise http://127.0.0.1:5000.")
    private @Nullable URI url;

    private final Map<String, String> environment;

    GatewayUrl(Map<String, String> environment) {
        this.environment = environment;
    }

    /**
     * Where to ask, without a slash at the end.
     *
     * @param server values of the file's {@code server:} block
     * @throws InvalidConfig where neither flag nor settings say
     */
    URI url(Map<String, String> server) throws InvalidConfig {
        return url == null ? bySettings(server) : checked(url);
    }

    private URI bySettings(Map<String, String> server) throws InvalidConfig {
        ServerConfig config =
                new ServerConfigReader(environment, 1).read(Map.of(), server).config();
        if (config.port() == 0) {
            throw refused("is needed: by its settings the gateway takes any free port");
        }
        String host = WILDCARDS.contains(config.host()) ? "127.0.0.1" : config.host();
        boolean bare = host.contains(":") && !host.startsWith("[");
        return URI.create("http://" + (bare ? "[" + host + "]" : host) + ":" + config.port());
    }

    private static URI checked(URI url) throws InvalidConfig {
        String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
        boolean plain = url.getUserInfo() == null && url.getQuery() == null && url.getFragment() == null;
        if (!Set.of("http", "https").contains(scheme) || url.getHost() == null || !plain) {
            throw refused("must be an absolute http or https URL without user, query and fragment");
        }
        return URI.create(url.toString().replaceFirst("/+$", ""));
    }

    private static InvalidConfig refused(String message) {
        return new InvalidConfig(List.of(new Problems.Problem("--url", "", message)));
    }
}
