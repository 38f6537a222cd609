package io.mlflowgateway.server.routing;

import io.mlflowgateway.server.config.GatewayConfig;
import io.mlflowgateway.server.config.RouteConfig;
import io.mlflowgateway.server.config.ServerSetting;
import io.mlflowgateway.server.config.UpstreamSettings;
import io.mlflowgateway.server.provider.Provider;
import io.mlflowgateway.server.provider.Providers;
import io.mlflowgateway.server.provider.Sender;
import io.mlflowgateway.server.provider.Senders;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Makes a table out of a checked configuration. */
public final class RouteTables {
    private final Providers providers;
    private final Senders senders;
    private final UpstreamSettings settings;
    private final Clock clock;

    /**
     * @param providers the reader has let pass only names that are among them
     * @param settings for routes that say nothing else
     * @param clock for providers that sign or date
     */
    public RouteTables(Providers providers, Senders senders, UpstreamSettings settings, Clock clock) {
        this.providers = providers;
        this.senders = senders;
        this.settings = settings;
        this.clock = clock;
    }

    public RouteTable of(GatewayConfig config) {
        List<TargetRoute> routes = config.routes().stream().map(this::route).toList();
        return new RouteTable(routes, config.version());
    }

    private TargetRoute route(RouteConfig config) {
        UpstreamSettings own = settings.with(config.upstream());
        // Its own are its own, though they be as many as the server says for all.
        Optional<String> owner = Optional.of(config.name())
                .filter(name -> config.upstream().containsKey(ServerSetting.UPSTREAM_CONNECTIONS_LIMIT));
        Optional<Duration> total = Optional.of(own.total()).filter(time -> !time.equals(settings.total()));
        List<CallTarget> targets = config.targets().stream()
                .map(target -> target(target, senders.sender(owner, own, target.provider(), target.settings())))
                .toList();
        if (targets.size() == 1) {
            return new TargetRoute(config, total, targets.get(0));
        }
        List<Integer> weights =
                config.targets().stream().map(RouteConfig.Target::weight).toList();
        return new TargetRoute(config, total, new TrafficSplit(targets, weights));
    }

    private CallTarget target(RouteConfig.Target target, Sender sender) {
        Provider provider = providers
                .find(target.provider())
                .orElseThrow(() -> new IllegalArgumentException("no provider " + target.provider()));
        return new ProviderTarget(provider, target, sender, clock);
    }
}
