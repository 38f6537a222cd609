package io.mlflowgateway.server.routing;

import io.mlflowgateway.server.config.RouteConfig;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How a target is now, for people and metrics. Nothing of its settings.
 *
 * @param name unique in its route
 * @param model empty where the configuration gives none
 * @param watched empty where the route says nothing of {@code routing:}: such a target is always asked
 */
public record TargetStatus(String name, String provider, String model, int weight, Optional<Watched> watched) {

    /**
     * What is known of a target that is watched.
     *
     * @param inFlight attempts that have not ended, streams to their end
     * @param latency what it takes to begin its answers, at its slowest lately; empty where it has not answered lately
     * @param attempts how many ended how, by the outcome's wire name, since its state began
     * @param lastFailure also one that another target made up for
     */
    public record Watched(
            CircuitState circuit,
            int inFlight,
            Optional<Duration> latency,
            Map<String, Long> attempts,
            Optional<LastFailure> lastFailure) {}

    /**
     * What a target was last to blame for.
     *
     * @param what status and kind
     * @param ago how long ago that was
     */
    public record LastFailure(String what, Duration ago) {}

    static TargetStatus of(RouteConfig.Target target, Optional<TargetHealth> health) {
        return new TargetStatus(
                target.name(), target.provider(), target.model(), target.weight(), health.map(TargetStatus::watched));
    }

    private static Watched watched(TargetHealth health) {
        long nanos = (long) health.latencyNanos();
        Map<String, Long> attempts = new LinkedHashMap<>();
        for (Trial.Outcome outcome : Trial.Outcome.values()) {
            attempts.put(outcome.wireName(), health.count(outcome));
        }
        return new Watched(
                health.state(),
                health.inFlight(),
                Optional.of(Duration.ofNanos(nanos)).filter(time -> !time.isZero()),
                Collections.unmodifiableMap(attempts),
                health.lastFailure());
    }
}
