package io.mlflowgateway.server.config;

import io.mlflowgateway.server.query.CallLimit;
import io.mlflowgateway.server.query.Pricing;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.query.TokenClass;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.EnumMap;
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
 * @param onUnsupported what is done with parameters that a target's provider has no place for
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
        Routing routing,
        OnUnsupported onUnsupported) {
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

    /** A route that drops what its providers have no place for. */
    public RouteConfig(
            String name,
            Task task,
            boolean classic,
            List<Target> targets,
            boolean split,
            Optional<CallLimit> limit,
            Map<ServerSetting, String> upstream,
            List<String> capabilities,
            Routing routing) {
        this(name, task, classic, targets, split, limit, upstream, capabilities, routing, OnUnsupported.DROP);
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
     * @param price the file's own for this target
     * @param pricing by which its calls are reckoned
     */
    public record Target(
            String name,
            String provider,
            String model,
            Settings settings,
            int weight,
            Optional<Price> price,
            Pricing pricing) {
        /** A target of unknown price. */
        public Target(String name, String provider, String model, Settings settings, int weight) {
            this(name, provider, model, settings, weight, Optional.empty());
        }

        /** A target of which only its own price is known yet. */
        public Target(
                String name, String provider, String model, Settings settings, int weight, Optional<Price> price) {
            this(name, provider, model, settings, weight, price, Pricing.UNKNOWN);
        }

        /** The same, reckoned so. */
        Target priced(Pricing reckoned) {
            return new Target(name, provider, model, settings, weight, price, reckoned);
        }
    }

    /**
     * What tokens cost, as a file says it.
     *
     * @param usdPerMillion zero or more each; input and output are there
     */
    public record Price(Map<TokenClass, BigDecimal> usdPerMillion) {
        public Price {
            usdPerMillion = Collections.unmodifiableMap(new EnumMap<>(usdPerMillion));
        }

        /** One that tells nothing apart but what is read and what is written. */
        public Price(BigDecimal inputUsd, BigDecimal outputUsd) {
            this(Map.of(TokenClass.INPUT, inputUsd, TokenClass.OUTPUT, outputUsd));
        }

        BigDecimal inputUsd() {
            return usdPerMillion.getOrDefault(TokenClass.INPUT, BigDecimal.ZERO);
        }

        BigDecimal outputUsd() {
            return usdPerMillion.getOrDefault(TokenClass.OUTPUT, BigDecimal.ZERO);
        }

        /** What stands for it when a target is to be called cheapest. */
        public BigDecimal inputAndOutputUsd() {
            return inputUsd().add(outputUsd());
        }

        io.mlflowgateway.server.query.Price reckoned() {
            return io.mlflowgateway.server.query.Price.of(usdPerMillion);
        }
    }
}
