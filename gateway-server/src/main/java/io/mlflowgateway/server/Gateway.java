package io.mlflowgateway.server;

import io.mlflowgateway.server.api.CapabilityPages;
import io.mlflowgateway.server.api.HealthPages;
import io.mlflowgateway.server.api.Surfaces;
import io.mlflowgateway.server.api.TargetPages;
import io.mlflowgateway.server.api.docs.DocsPage;
import io.mlflowgateway.server.config.ConfigReader;
import io.mlflowgateway.server.config.ConfigStatus;
import io.mlflowgateway.server.config.ConfigWatcher;
import io.mlflowgateway.server.config.GatewayConfig;
import io.mlflowgateway.server.config.ReloadOutcome;
import io.mlflowgateway.server.config.ServerConfig;
import io.mlflowgateway.server.credential.Credentials;
import io.mlflowgateway.server.estimate.EstimateUsage;
import io.mlflowgateway.server.http.Endpoint;
import io.mlflowgateway.server.http.HttpServer;
import io.mlflowgateway.server.limit.RateLimit;
import io.mlflowgateway.server.log.LogControl;
import io.mlflowgateway.server.provider.Providers;
import io.mlflowgateway.server.query.Observer;
import io.mlflowgateway.server.query.QueryPipeline;
import io.mlflowgateway.server.routing.RouteTable;
import io.mlflowgateway.server.routing.RouteTables;
import io.mlflowgateway.server.routing.Routes;
import io.mlflowgateway.server.routing.TargetStates;
import io.mlflowgateway.server.upstream.Upstreams;
import io.mlflowgateway.server.usage.AccessLog;
import io.mlflowgateway.server.usage.Metrics;
import io.mlflowgateway.server.usage.Observers;
import io.mlflowgateway.server.usage.RecordUsage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.resources.LoopResources;

/**
 * A running gateway: everything is made here, top to bottom, and nowhere else. Usable as a library; {@link Main} is the
 * same with a command line. Thread-safe.
 */
public final class Gateway implements AutoCloseable {
    private final Clock clock = Clock.systemUTC();
    private final LoopResources loops;
    private final Upstreams upstreams;
    private final RouteTables tables;
    private final Routes routes;
    private final RateLimit rateLimit;
    private final HttpServer server;
    private final AtomicReference<ReloadOutcome> lastReload;
    private final Metrics metrics;
    private final LogControl log;
    private final AtomicBoolean stopping = new AtomicBoolean();
    private volatile Optional<Path> watched = Optional.empty();
    private volatile Optional<ConfigWatcher> watcher = Optional.empty();

    private Gateway(GatewayConfig config, ServerConfig how, LogControl log) throws IOException {
        this.log = log;
        log.keepOut(config.secrets());
        loops = LoopResources.create("gateway", 1, how.workers(), true, true);
        upstreams = new Upstreams(loops);
        Scheduler waits = Schedulers.fromExecutorService(loops.onServer(true), "gateway-waits");
        TargetStates states = new TargetStates(System::nanoTime);
        Credentials credentials = new Credentials(
                upstreams, how.upstream(), clock, System::nanoTime, waits, log::keepOutToo, System.getenv());
        Providers providers = new Providers();
        tables =
                new RouteTables(providers, upstreams, credentials, how.upstream(), how.streams(), clock, states, waits);
        routes = new Routes(tables.of(config));
        rateLimit = new RateLimit(System::nanoTime);
        lastReload = new AtomicReference<>(ReloadOutcome.inForce(config, config.warnings(), clock.instant()));
        metrics = new Metrics(Version.text(), config, lastReload::get, () -> !stopping.get(), log::dropped);
        QueryPipeline pipeline = new QueryPipeline(List.of(
                new RecordUsage(),
                new EstimateUsage(waits),
                // authorize: may this principal use this route?
                rateLimit
                // budget: reserved now, settled at the end
                // guard: the input, and on the way back the output
                // cache: answers here, or remembers the answer on the way back
                ));
        Map<String, Endpoint> pages = new HashMap<>(DocsPage.endpoints(routes, Version.text()));
        Map<String, String> serverAtStart = config.server();
        pages.putAll(HealthPages.endpoints(
                () -> !stopping.get(),
                routes,
                () -> new ConfigStatus(watched, Objects.requireNonNull(lastReload.get()), serverAtStart)));
        pages.putAll(TargetPages.endpoints(routes, clock::instant));
        pages.putAll(CapabilityPages.endpoints(providers::capabilities));
        pages.putAll(metrics.pages(routes::current));
        Observer observer = how.log().access() ? new Observers(List.of(metrics, new AccessLog())) : metrics;
        Surfaces surfaces = new Surfaces(
                routes, pipeline, pages, Version.text(), clock.instant().getEpochSecond());
        try {
            server = HttpServer.start(how, loops, surfaces, new RequestIds(), observer);
            metrics.connections(server::connections);
        } catch (IOException e) {
            release();
            throw e;
        }
    }

    /**
     * Starts serving.
     *
     * @param config what {@link io.mlflowgateway.server.config.ConfigReader} read, or {@link EchoRoutes}
     * @param how address, sizes and times; port 0 takes any free one
     * @throws IOException when the address cannot be bound, or other machines reach it and {@code how} does not allow
     *     that; nothing is left running then
     */
    public static Gateway start(GatewayConfig config, ServerConfig how) throws IOException {
        return start(config, how, LogControl.NONE);
    }

    /** As {@link #start(GatewayConfig, ServerConfig)}, in a process whose log is this gateway's. */
    static Gateway start(GatewayConfig config, ServerConfig how, LogControl log) throws IOException {
        Reach.check(how);
        return new Gateway(config, how, log);
    }

    /** The port it listens on. */
    public int port() {
        return server.port();
    }

    /**
     * Puts these routes in place of the present ones. Calls under way keep the routes they began with; counters of routes
     * whose limit did not change go on, connections to targets that did not change are kept, all others are let go of as
     * the calls on them end.
     */
    public synchronized void reload(GatewayConfig config) {
        log.keepOut(config.secrets());
        RouteTable next = tables.of(config);
        metrics.inForce(config);
        routes.replace(next);
        upstreams.keepOnly(next.senders());
        lastReload.set(ReloadOutcome.inForce(config, config.warnings(), clock.instant()));
        rateLimit.keepOnly(config.limits());
    }

    /**
     * Takes over each usable change of this file from now on; how the last one ended stands at {@code /health/config}.
     *
     * @param first what is in force, read from this file
     */
    public void watch(Path file, ConfigReader reader, GatewayConfig first) {
        watched = Optional.of(file);
        watcher = Optional.of(new ConfigWatcher(file, reader, first, clock, this::reload, this::note));
    }

    private void note(ReloadOutcome outcome) {
        lastReload.set(outcome);
        metrics.reloaded(outcome);
    }

    /** Takes nothing new, lets what runs finish within the drain time, then stops. Blocks until then. */
    @Override
    public void close() {
        stopping.set(true);
        watcher.ifPresent(ConfigWatcher::close);
        server.drain();
        release();
    }

    private void release() {
        upstreams.close();
        loops.dispose();
        metrics.close();
    }
}
