package io.mlflowgateway.server;

import io.mlflowgateway.server.config.GatewayConfig;
import io.mlflowgateway.server.config.RouteConfig;
import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.query.Task;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The routes of a gateway that was given no configuration: one for each task, answered offline by the echo provider. */
public final class EchoRoutes {
    private EchoRoutes() {}

    /** {@code completions}, {@code chat} and {@code embeddings}. */
    public static GatewayConfig config() {
        return new GatewayConfig(
                List.of(
                        route("completions", Task.COMPLETIONS),
                        route("chat", Task.CHAT),
                        route("embeddings", Task.EMBEDDINGS)),
                Map.of(),
                List.of(),
                "built-in");
    }

    private static RouteConfig route(String name, Task task) {
        RouteConfig.Target target = new RouteConfig.Target(name, "echo", "echo", Settings.NONE, 100);
        return new RouteConfig(name, task, false, List.of(target), false, Optional.empty(), Map.of());
    }
}
