package io.mlflowgateway.server.usage;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.mlflowgateway.server.routing.RouteTable;
import io.mlflowgateway.server.routing.TargetRoute;
import io.mlflowgateway.server.routing.TargetStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What is known of watched targets, read before each scrape: nothing of it is on the way of a call. Labels are names of
 * the configuration; of a route that has not been called nothing is shown.
 */
final class TargetMetrics {
    /** Targets whose state is shown. One is about 100 bytes of a scrape. */
    private static final int MOST_STATES = 2_000;

    private record Seen(String route, String target, String what) {}

    private final CallMetrics calls;
    private final Supplier<RouteTable> table;
    private final MultiGauge states;
    private Map<Seen, Long> counted = Map.of();

    TargetMetrics(MeterRegistry registry, CallMetrics calls, Supplier<RouteTable> table) {
        this.calls = calls;
        this.table = table;
        this.states = MultiGauge.builder(Metric.TARGET_STATE.meterName())
                .description(Metric.TARGET_STATE.description())
                .register(registry);
    }

    /** Takes over what has happened since the last time. */
    synchronized void read() {
        Map<Seen, Long> now = new HashMap<>();
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        for (TargetRoute route : table.get().all()) {
            if (route.watchesTargets()) {
                read(route, now, rows);
            }
        }
        counted = now;
        states.register(rows.subList(0, Math.min(rows.size(), MOST_STATES)), true);
    }

    private void read(TargetRoute route, Map<Seen, Long> now, List<MultiGauge.Row<?>> rows) {
        route.extraAttempts().forEach((reason, count) -> {
            long more = more(new Seen(route.name(), "", reason), count, now);
            calls.extraAttempts(route.name(), reason, more);
        });
        for (TargetStatus target : route.targets()) {
            target.watched().ifPresent(watched -> read(route.name(), target.name(), watched, now, rows));
        }
    }

    private void read(
            String route,
            String target,
            TargetStatus.Watched watched,
            Map<Seen, Long> now,
            List<MultiGauge.Row<?>> rows) {
        watched.attempts().forEach((outcome, count) -> {
            long more = more(new Seen(route, target, outcome), count, now);
            calls.attempts(route, target, outcome, more);
        });
        if (watched.attempts().values().stream().anyMatch(count -> count > 0)) {
            Tags tags = Tags.of("route", route, "target", target);
            rows.add(MultiGauge.Row.of(tags, watched.circuit().phase().ordinal()));
        }
    }

    /** Since the last time; all, where a target that changed has begun to count anew. */
    private long more(Seen what, long count, Map<Seen, Long> now) {
        now.put(what, count);
        long before = counted.getOrDefault(what, 0L);
        return count >= before ? count - before : count;
    }
}
