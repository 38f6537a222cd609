package io.mlflowgateway.server.config;

import io.mlflowgateway.server.query.CallLimit;
import io.mlflowgateway.server.secret.Secret;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A configuration file, read and found good. Nothing in it is checked again.
 *
 * @param routes in the file's order, names unique
 * @param server values of the file's {@code server:} block, by setting name
 * @param warnings what was odd but harmless (unknown keys, deprecated forms), one line each with file:line
 * @param version first 12 hex digits of the content's SHA-256: the same bytes have the same version
 */
public record GatewayConfig(
        List<RouteConfig> routes, Map<String, String> server, List<String> warnings, String version) {
    public GatewayConfig {
        routes = List.copyOf(routes);
        server = Map.copyOf(server);
        warnings = List.copyOf(warnings);
    }

    /** The limits of the routes that have one, by route name. */
    public Map<String, CallLimit> limits() {
        return routes.stream()
                .filter(route -> route.limit().isPresent())
                .collect(Collectors.toUnmodifiableMap(
                        RouteConfig::name, route -> route.limit().get()));
    }

    /** Every credential of every target, each once: what no text that is shown may hold. */
    public List<Secret> secrets() {
        return routes.stream()
                .flatMap(route -> route.targets().stream())
                .flatMap(target -> secrets(target.settings()))
                .distinct()
                .toList();
    }

    private static Stream<Secret> secrets(Settings settings) {
        Stream<Secret> fetchedBy = settings.tokens().map(TokenSource::secrets).orElse(List.of()).stream();
        return Stream.concat(settings.secrets().values().stream(), fetchedBy);
    }
}
