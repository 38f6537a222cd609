package io.mlflowgateway.server.config;

import io.mlflowgateway.server.query.CallLimit;
import io.mlflowgateway.server.query.Task;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One named route of the file, checked.
 *
 * @param name unique over the whole file
 * @param classic whether the entry has {@code route_type} (2.5-2.8): on the shared path its callers get the classic
 *     shape unless they show otherwise
 * @param targets one for a plain route; several with weights otherwise, in the file's order. Never empty; names unique
 * @param upstream what the route's own {@code timeouts:} and {@code limits:} say otherwise than the server's settings;
 *     checked values, only of settings that are {@link ServerSetting#perRoute()}
 * @param capabilities words of {@link CapabilitiesReader#KNOWN} for what the model can do; only descriptions of the route
 *     show them
 * @param routing how the targets share the calls, and what is done when one fails
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
        List<String> capabilities,
        Routing routing) {
    public RouteConfig {
        targets = List.copyOf(targets);
        upstream = Map.copyOf(upstream);
        capabilities = List.copyOf(capabilities);
    }

    /** A route of whose model nothing is claimed, and that is called plainly. */
    public RouteConfig(
            String name,
            Task task,
            boolean classic,
            List<Target> targets,
            boolean split,
            Optional<CallLimit> limit,
            Map<ServerSetting, String> upstream) {
        this(name, task, classic, targets, split, limit, upstream, List.of(), Routing.PLAIN);
    }

    /**
     * Provider, model and credential behind a route.
     *
     * @param name unique in the route: the file's where it gives one; the endpoint's in a split; otherwise provider and
     *     model
     * @param provider canonical provider name, one that exists and can do the route's task
     * @param model the model's name at the provider; empty where the file gives none
     * @param weight 0..1000, one of the route's more than 0; those with 0 are asked only when others fail. In a split the
     *     percentage
     * @param price where it is known
     */
    public record Target(
            String name, String provider, String model, Settings settings, int weight, Optional<Price> price) {
        /** A target of unknown price. */
        public Target(String name, String provider, String model, Settings settings, int weight) {
            this(name, provider, model, settings, weight, Optional.empty());
        }
    }

    /**
     * What tokens cost.
     *
     * @param inputUsd for a million tokens read, zero or more
     * @param outputUsd for a million tokens written, zero or more
     */
    public record Price(BigDecimal inputUsd, BigDecimal outputUsd) {}
}
