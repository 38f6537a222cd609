package io.mlflowgateway.server.usage;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.mlflowgateway.server.config.GatewayConfig;
import io.mlflowgateway.server.config.ReloadOutcome;
import io.mlflowgateway.server.config.RouteConfig;
import io.mlflowgateway.server.http.Endpoint;
import io.mlflowgateway.server.query.Ending;
import io.mlflowgateway.server.query.Notes;
import io.mlflowgateway.server.query.Observer;
import io.mlflowgateway.server.routing.RouteTable;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** What can be seen of a running gateway at {@code /metrics}. Thread-safe; nothing in it waits. */
public final class Metrics implements Observer, AutoCloseable {
    private static final double MILLIS = 1_000;

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final CallMetrics calls = new CallMetrics(registry);
    private final JvmMetrics jvm = new JvmMetrics();
    private final Counter reloads = counter(Metric.RELOADS, "result", "success");
    private final Counter failedReloads = counter(Metric.RELOADS, "result", "failure");
    private final Map<Refusal, Counter> refusals = new EnumMap<>(Refusal.class);
    private final LongSupplier linesDropped;
    private volatile int routes;
    private Optional<Gauge> version = Optional.empty();

    /**
     * @param gatewayVersion of this build
     * @param first what is in force at the beginning
     * @param lastReload how the last change of the configuration ended
     * @param ready false from the moment the gateway is told to stop
     * @param linesDropped how many lines the log has lost
     */
    public Metrics(
            String gatewayVersion,
            GatewayConfig first,
            Supplier<ReloadOutcome> lastReload,
            BooleanSupplier ready,
            LongSupplier linesDropped) {
        this.linesDropped = linesDropped;
        gauge(Metric.INFO, () -> 1, "version", gatewayVersion);
        gauge(Metric.READY, () -> ready.getAsBoolean() ? 1 : 0);
        gauge(Metric.ROUTES, () -> routes);
        gauge(Metric.IN_FLIGHT, calls::inFlight);
        gauge(Metric.LAST_RELOAD_SUCCESS, () -> lastReload.get().success() ? 1 : 0);
        Gauge.builder(
                        Metric.LAST_RELOAD_TIMESTAMP.meterName(),
                        () -> lastReload.get().at().toEpochMilli() / MILLIS)
                .description(Metric.LAST_RELOAD_TIMESTAMP.description())
                .baseUnit("seconds")
                .register(registry);
        // The registry holds on to the first of these only as long as somebody else does.
        FunctionCounter.builder(Metric.LOG_DROPPED.meterName(), this.linesDropped, LongSupplier::getAsLong)
                .description(Metric.LOG_DROPPED.description())
                .register(registry);
        for (Refusal reason : Refusal.values()) {
            refusals.put(reason, counter(Metric.CONNECTIONS_REFUSED, "reason", reason.wireName()));
        }
        inForce(first);
    }

    /** Loads the library, which takes a while. */
    public static void load() {
        PrometheusMeterRegistry unused = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        new CallMetrics(unused);
        unused.close();
    }

    private Counter counter(Metric metric, String... labels) {
        return Counter.builder(metric.meterName())
                .description(metric.description())
                .tags(labels)
                .register(registry);
    }

    private Gauge gauge(Metric metric, Supplier<Number> value, String... labels) {
        return Gauge.builder(metric.meterName(), value)
                .description(metric.description())
                .tags(Tags.of(labels))
                .register(registry);
    }

    /**
     * The page, by its path.
     *
     * @param table the routes in force, whose targets are looked at before each scrape
     */
    public Map<String, Endpoint> pages(Supplier<RouteTable> table) {
        TargetMetrics targets = new TargetMetrics(registry, calls, table);
        return Map.of("/metrics", new MetricsPage(registry, () -> beforeScrape(targets)));
    }

    private void beforeScrape(TargetMetrics targets) {
        jvm.bindTo(registry);
        targets.read();
    }

    /** From now on shows how many connections are open. */
    public void connections(Supplier<Number> open) {
        gauge(Metric.CONNECTIONS, open);
    }

    /** This configuration is in force now. */
    public synchronized void inForce(GatewayConfig config) {
        version.ifPresent(registry::remove);
        version = Optional.of(gauge(Metric.CONFIG_INFO, () -> 1, "version", config.version()));
        routes = config.routes().size();
        calls.inForce(config.routes().stream().map(RouteConfig::name).toList());
    }

    /** The configuration file has changed. */
    public void reloaded(ReloadOutcome outcome) {
        (outcome.success() ? reloads : failedReloads).increment();
    }

    @Override
    public void began(Notes notes) {
        calls.began(notes);
    }

    @Override
    public void ended(Notes notes, Ending ending) {
        calls.ended(notes, ending);
    }

    @Override
    public void connectionRefused(Refusal reason) {
        Optional.ofNullable(refusals.get(reason)).ifPresent(Counter::increment);
    }

    /** Lets go of what the virtual machine was asked to report. */
    @Override
    public void close() {
        jvm.close();
        registry.close();
    }
}
