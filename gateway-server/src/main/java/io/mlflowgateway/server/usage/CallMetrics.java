package io.mlflowgateway.server.usage;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.mlflowgateway.server.query.Ending;
import io.mlflowgateway.server.query.Notes;
import io.mlflowgateway.server.query.Observer;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts exchanges by route. Labels are names of the configuration, whatever callers send, and their number is bounded:
 * the series of a route go away with the second reload after it left the configuration, and past
 * {@value #MOST_ROUTES} routes that are called, further ones share {@code route="other"}.
 */
final class CallMetrics implements Observer {
    /** Routes with series of their own. One with all of its series is about 8 KB of a scrape. */
    static final int MOST_ROUTES = 1_000;

    /** What stands for a route where there is none, and for those past the bound. */
    private static final String NONE = "none";

    private static final String OTHER = "other";
    private static final Set<String> STAND_INS = Set.of(NONE, OTHER);

    private final MeterRegistry registry;
    private final RouteSeries none;
    private final RouteSeries other;
    private final LongAdder inFlight = new LongAdder();
    private final Map<String, Counter> unknownEnds = new ConcurrentHashMap<>();
    private final AtomicInteger called = new AtomicInteger();
    private Set<String> inForce = Set.of();
    private volatile Map<String, Slot> byName = Map.of();

    /** A route of the configuration, which has series once it is called. */
    private final class Slot {
        private final String name;
        private volatile RouteSeries series = none;
        private boolean own;
        private boolean closed;

        private Slot(String name) {
            this.name = name;
        }

        RouteSeries series() {
            RouteSeries present = series;
            return present == none ? first() : present;
        }

        private synchronized RouteSeries first() {
            if (series == none && !closed) {
                own = called.incrementAndGet() <= MOST_ROUTES;
                series = own ? new RouteSeries(registry, name) : other;
                if (!own) {
                    called.decrementAndGet();
                }
            }
            return series;
        }

        synchronized void close() {
            closed = true;
            if (own) {
                called.decrementAndGet();
                // A route may have a stand-in's name: then the meters are those of all that is no route's, and stay.
                if (!STAND_INS.contains(name)) {
                    series.close();
                }
            }
        }
    }

    CallMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.none = new RouteSeries(registry, NONE);
        this.other = new RouteSeries(registry, OTHER);
    }

    /** These routes are in force now. */
    synchronized void inForce(Collection<String> names) {
        Map<String, Slot> left = new HashMap<>(byName);
        Map<String, Slot> next = new HashMap<>();
        names.forEach(
                name -> next.put(name, Optional.ofNullable(left.remove(name)).orElseGet(() -> new Slot(name))));
        // What has just left stays until the next reload: its last calls are counted, and seen by the next scrape.
        inForce.forEach(name -> Optional.ofNullable(left.remove(name)).ifPresent(slot -> next.put(name, slot)));
        byName = next;
        inForce = Set.copyOf(names);
        left.values().forEach(Slot::close);
    }

    /** Exchanges that are running. */
    long inFlight() {
        return inFlight.sum();
    }

    /** So many more attempts at the route's target ended so. */
    void attempts(String route, String target, String outcome, long more) {
        if (more > 0) {
            series(route).attempts(target, outcome, more);
        }
    }

    /** So many more attempts of the route were made for this reason. */
    void extraAttempts(String route, String reason, long more) {
        if (more > 0) {
            series(route).extraAttempts(reason, more);
        }
    }

    @Override
    public void began(Notes notes) {
        inFlight.increment();
    }

    @Override
    public void ended(Notes notes, Ending ending) {
        series(notes).ended(notes, ending);
        if (notes.endedUnknown()) {
            notes.target().map(Notes.Target::provider).ifPresent(this::endedUnknown);
        }
        // Last: whoever sees that nothing runs sees all of it counted.
        inFlight.decrement();
    }

    /** As many series as there are providers: the word is the provider's own name, which no file can choose. */
    private void endedUnknown(String provider) {
        unknownEnds.computeIfAbsent(provider, this::unknownEnds).increment();
    }

    private Counter unknownEnds(String provider) {
        return Counter.builder(Metric.UNKNOWN_FINISH_REASONS.meterName())
                .description(Metric.UNKNOWN_FINISH_REASONS.description())
                .tag("provider", provider)
                .register(registry);
    }

    private RouteSeries series(Notes notes) {
        return notes.route().map(route -> series(route.name())).orElse(none);
    }

    private RouteSeries series(String route) {
        return Optional.ofNullable(byName.get(route)).map(Slot::series).orElse(none);
    }
}
