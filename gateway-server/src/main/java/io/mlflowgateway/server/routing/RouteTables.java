package io.mlflowgateway.server.routing;

import io.mlflowgateway.server.config.GatewayConfig;
import io.mlflowgateway.server.config.RouteConfig;
import io.mlflowgateway.server.config.RouteStreams;
import io.mlflowgateway.server.config.Routing;
import io.mlflowgateway.server.config.ServerSetting;
import io.mlflowgateway.server.config.UpstreamSettings;
import io.mlflowgateway.server.credential.Credentials;
import io.mlflowgateway.server.credential.TargetCredential;
import io.mlflowgateway.server.provider.Provider;
import io.mlflowgateway.server.provider.Providers;
import io.mlflowgateway.server.provider.Sender;
import io.mlflowgateway.server.provider.Senders;
import io.mlflowgateway.server.query.StreamCaps;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import reactor.core.scheduler.Scheduler;

/** Makes a table out of a checked configuration. One thread makes tables. */
public final class RouteTables {
    private final Providers providers;
    private final Senders senders;
    private final Credentials credentials;
    private final UpstreamSettings settings;
    private final StreamCaps streams;
    private final Clock clock;
    private final TargetStates states;
    private final Scheduler waits;

    /**
     * @param providers the reader has let pass only names that are among them
     * @param credentials what targets show
     * @param settings for routes that say nothing else
     * @param streams for routes that say nothing else
     * @param clock for providers that sign or date
     * @param states what is remembered of targets from table to table
     * @param waits where calls that wait before they ask again come back from: event loops
     */
    public RouteTables(
            Providers providers,
            Senders senders,
            Credentials credentials,
            UpstreamSettings settings,
            StreamCaps streams,
            Clock clock,
            TargetStates states,
            Scheduler waits) {
        this.providers = providers;
        this.senders = senders;
        this.credentials = credentials;
        this.settings = settings;
        this.streams = streams;
        this.clock = clock;
        this.states = states;
        this.waits = waits;
    }

    public RouteTable of(GatewayConfig config) {
        TargetStates.Next next = states.next();
        Credentials.Next shown = credentials.next();
        ParameterGates gates = new ParameterGates();
        List<TargetRoute> routes = config.routes().stream()
                .map(route -> route(route, next, shown, gates))
                .toList();
        next.keep();
        shown.keep();
        return new RouteTable(routes, config.version());
    }

    private TargetRoute route(
            RouteConfig config, TargetStates.Next next, Credentials.Next shown, ParameterGates gates) {
        UpstreamSettings own = settings.with(config.upstream());
        // Its own are its own, though they be as many as the server says for all.
        Optional<String> owner = Optional.of(config.name())
                .filter(name -> config.upstream().containsKey(ServerSetting.UPSTREAM_CONNECTIONS_LIMIT));
        Optional<Duration> total = Optional.of(own.total()).filter(time -> !time.equals(settings.total()));
        StreamCaps caps = RouteStreams.caps(streams, config.upstream());
        List<CallTarget> targets = config.targets().stream()
                .map(target -> target(
                        config,
                        target,
                        gates,
                        shown.of(target.settings()),
                        senders.sender(owner, own, target.provider(), target.settings())))
                .toList();
        return new TargetRoute(config, total, caps, callTarget(config, targets, next));
    }

    /** A route that says nothing of routing has nothing in its way. */
    private CallTarget callTarget(RouteConfig config, List<CallTarget> targets, TargetStates.Next next) {
        if (!config.routing().isPlain()) {
            return attempts(config, targets, next);
        }
        if (targets.size() == 1) {
            return targets.get(0);
        }
        List<Integer> weights =
                config.targets().stream().map(RouteConfig.Target::weight).toList();
        return new TrafficSplit(targets, weights);
    }

    private CallTarget attempts(RouteConfig config, List<CallTarget> targets, TargetStates.Next next) {
        Routing routing = config.routing();
        List<Candidate> candidates = IntStream.range(0, targets.size())
                .mapToObj(i -> candidate(config, config.targets().get(i), targets.get(i), next))
                .toList();
        Attempts.Rules rules = new Attempts.Rules(
                config.name(),
                routing.fallback(),
                new Backoff(routing.retries(), () -> ThreadLocalRandom.current().nextDouble()),
                next.retries(config.name(), routing.retries().budgetPercent()),
                routing.hedge().map(hedge -> hedge(config.name(), hedge, next)),
                next.extra(config.name()),
                new RetryAfter(clock),
                waits);
        return new Attempts(candidates, balance(routing, candidates), rules);
    }

    private static Hedge hedge(String route, Routing.Hedge set, TargetStates.Next next) {
        return next.hedge(route, set.afterPercentile(), set.atLeast(), set.budgetPercent());
    }

    private static Candidate candidate(
            RouteConfig config, RouteConfig.Target target, CallTarget callTarget, TargetStates.Next next) {
        boolean coolsDown = config.targets().size() > 1;
        TargetHealth health = next.health(
                config.name(), target.name(), target, config.routing().breaker(), coolsDown);
        BigDecimal price =
                target.price().map(RouteConfig.Price::inputAndOutputUsd).orElse(BigDecimal.ZERO);
        return new Candidate(target.name(), target.weight(), callTarget, health, price);
    }

    private static Balance balance(Routing routing, List<Candidate> candidates) {
        Balance balance = switch (routing.balance()) {
            case WEIGHTED -> Balance.weighted(candidates);
            case IN_ORDER -> Balance.inOrder(candidates);
            case LEAST_BUSY -> Balance.leastBusy(candidates);
            case LOWEST_LATENCY -> Balance.lowestLatency(candidates);
            case CHEAPEST -> Balance.cheapest(candidates);
        };
        return routing.stickyBy()
                .map(key -> Balance.sticky(StickyKey.of(key), candidates, balance))
                .orElse(balance);
    }

    private CallTarget target(
            RouteConfig route,
            RouteConfig.Target target,
            ParameterGates gates,
            TargetCredential credential,
            Sender sender) {
        Provider provider = providers
                .find(target.provider())
                .orElseThrow(() -> new IllegalArgumentException("no provider " + target.provider()));
        return new ProviderTarget(provider, target, credential, gates.of(provider, route, target), sender, clock);
    }
}
