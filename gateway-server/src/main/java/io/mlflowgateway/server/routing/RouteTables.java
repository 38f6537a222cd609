package io.mlflowgateway.server.routing;

import io.mlflowgateway.server.config.GatewayConfig;
import io.mlflowgateway.server.config.RouteConfig;
import io.mlflowgateway.server.provider.Provider;
import io.mlflowgateway.server.provider.Providers;
import io.mlflowgateway.server.provider.Sender;
import java.time.Clock;
import java.util.List;

/** Makes a table out of a checked configuration. */
public final class RouteTables {
    private final Providers providers;
    private final Sender sender;
    private final Clock clock;

    /**
     * @param providers the reader has let pass only names that are among them
     * @param clock for providers that sign or date
     */
    public RouteTables(Providers providers, Sender sender, Clock clock) {
        this.providers = providers;
        this.sender = sender;
        this.clock = clock;
    }

    public RouteTable of(GatewayConfig config) {
        List<TargetRoute> routes = config.routes().stream().map(this::route).toList();
        return new RouteTable(routes, config.version());
    }

    private TargetRoute route(RouteConfig config) {
        List<CallTarget> targets = config.targets().stream().map(this::target).toList();
        if (targets.size() == 1) {
            return new TargetRoute(config, targets.get(0));
        }
        List<Integer> weights =
                config.targets().stream().map(RouteConfig.Target::weight).toList();
        return new TargetRoute(config, new TrafficSplit(targets, weights));
    }

    private CallTarget target(RouteConfig.Target target) {
        Provider provider = providers
                .find(target.provider())
                .orElseThrow(() -> new IllegalArgumentException("no provider " + target.provider()));
        return new ProviderTarget(provider, target, sender, clock);
    }
}
