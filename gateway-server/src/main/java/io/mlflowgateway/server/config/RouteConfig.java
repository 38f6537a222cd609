package io.mlflowgateway.server.config;

import io.mlflowgateway.server.query.CallLimit;
import io.mlflowgateway.server.query.Task;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One named route of the file, checked.
 *
 * @param name unique over the whole file
 * @param classic whether the entry has {@code route_type} (2.5-2.8): on the shared path its callers get the classic
 *     shape unless they show otherwise
 * @param targets one for a plain route; several with weights for a 3.x traffic split. Never empty
 * @param upstream what the route's own {@code timeouts:} and {@code limits:} say otherwise than the server's settings;
 *     checked values, only of settings that are {@link ServerSetting#perRoute()}
 * @param capabilities words of {@link CapabilitiesReader#KNOWN} for what the model can do; only descriptions of the route
 *     show them
 * @param split whether this is a 3.x traffic split ({@code destinations}), which MLflow does not list as an endpoint
 */
public record RouteConfig(
        String name,
        Task task,
        boolean classic,
        List<Target> targets,
        boolean split,
        Optional<CallLimit> limit,
        Map<ServerSetting, String> upstream,
        List<String> capabilities) {
    public RouteConfig {
        targets = List.copyOf(targets);
        upstream = Map.copyOf(upstream);
        capabilities = List.copyOf(capabilities);
    }

    /** A route of whose model nothing is claimed. */
    public RouteConfig(
            String name,
            Task task,
            boolean classic,
            List<Target> targets,
            boolean split,
            Optional<CallLimit> limit,
            Map<ServerSetting, String> upstream) {
        this(name, task, classic, targets, split, limit, upstream, List.of());
    }

    /**
     * Provider, model and credential behind a route.
     *
     * @param endpoint name of the route that was configured with this target (differs from the route's own name only
     *     in a split)
     * @param provider canonical provider name, one that exists and can do the route's task
     * @param model the model's name at the provider; empty where the file gives none
     * @param weight 1..100 in a split, 100 otherwise
     */
    public record Target(String endpoint, String provider, String model, Settings settings, int weight) {}
}
