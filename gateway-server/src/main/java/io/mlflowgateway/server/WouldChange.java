package io.mlflowgateway.server;

import com.fasterxml.jackson.databind.JsonNode;
import io.mlflowgateway.server.config.GatewayConfig;
import io.mlflowgateway.server.config.PublicConfig;
import io.mlflowgateway.server.remote.Differences;
import io.mlflowgateway.server.remote.GatewayState;
import io.mlflowgateway.server.remote.RunningGateway;
import io.mlflowgateway.server.remote.Unreachable;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What would change if a file were put in force in a running gateway. */
final class WouldChange {
    private final Path file;
    private final GatewayConfig next;
    private final String versionNow;
    private final Differences routes;
    private final List<String> server;

    private WouldChange(Path file, GatewayConfig next, String versionNow, Differences routes, List<String> server) {
        this.file = file;
        this.next = next;
        this.versionNow = versionNow;
        this.routes = routes;
        this.server = server;
    }

    /** Asks the gateway. Blocks. */
    static WouldChange in(RunningGateway gateway, Path file, GatewayConfig next)
            throws Unreachable, InterruptedException {
        GatewayState state = gateway.state();
        RunningGateway.Shown now = gateway.routes();
        Map<String, JsonNode> shown = new LinkedHashMap<>();
        next.routes().forEach(route -> shown.put(route.name(), PublicConfig.route(route)));
        Map<String, String> server = new LinkedHashMap<>();
        PublicConfig.server(next.server())
                .properties()
                .forEach(setting ->
                        server.put(setting.getKey(), setting.getValue().asText()));
        return new WouldChange(
                file,
                next,
                now.version(),
                Differences.between(now.byName(), shown),
                Differences.fields(state.server(), server));
    }

    /** Whether anything differs, shown or not. */
    boolean any() {
        return !versionNow.equals(next.version());
    }

    void print(PrintWriter out) {
        if (!any()) {
            out.println("no difference: " + file + " is what is in force, version " + versionNow);
            return;
        }
        routes.lines().forEach(out::println);
        if (!server.isEmpty()) {
            out.println("server: settings that take effect at restart only");
            server.forEach(out::println);
        }
        if (routes.none() && server.isEmpty()) {
            out.println("differs only in what is not shown (credentials, provider settings, comments)");
        }
        out.println(routes + "; in force is " + versionNow + ", " + file + " is " + next.version());
    }
}
