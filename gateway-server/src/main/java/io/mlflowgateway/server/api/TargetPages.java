package io.mlflowgateway.server.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.http.Endpoint;
import io.mlflowgateway.server.http.Head;
import io.mlflowgateway.server.routing.CircuitState;
import io.mlflowgateway.server.routing.RouteTable;
import io.mlflowgateway.server.routing.Routes;
import io.mlflowgateway.server.routing.TargetRoute;
import io.mlflowgateway.server.routing.TargetStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/** How the targets of the routes in force are: {@code GET /api/gateway/targets}. Shows nothing of a provider's settings. */
public final class TargetPages {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final Routes routes;
    private final Supplier<Instant> clock;

    private TargetPages(Routes routes, Supplier<Instant> clock) {
        this.routes = routes;
        this.clock = clock;
    }

    /** The page by its path. */
    public static Map<String, Endpoint> endpoints(Routes routes, Supplier<Instant> clock) {
        TargetPages pages = new TargetPages(routes, clock);
        return Map.of("/api/gateway/targets", (head, body) -> Mono.just(Answers.ok(pages.targets(head))));
    }

    private ObjectNode targets(Head head) {
        RouteTable table = routes.current();
        List<TargetRoute> all = List.copyOf(table.all());
        Page page = Page.of(head.query(), all.size());
        Instant now = clock.get();
        ObjectNode shown = NODES.objectNode().put("version", table.version());
        ArrayNode list = shown.putArray("routes");
        all.subList(page.from(), page.to()).forEach(route -> list.add(route(route, now)));
        page.next()
                .ifPresentOrElse(token -> shown.put("next_page_token", token), () -> shown.putNull("next_page_token"));
        return shown;
    }

    private static ObjectNode route(TargetRoute route, Instant now) {
        ObjectNode shown = NODES.objectNode().put("name", route.name());
        ArrayNode targets = shown.putArray("targets");
        route.targets().forEach(target -> targets.add(target(target, now)));
        return shown;
    }

    private static ObjectNode target(TargetStatus target, Instant now) {
        ObjectNode shown = NODES.objectNode().put("name", target.name()).put("provider", target.provider());
        if (!target.model().isEmpty()) {
            shown.put("model", target.model());
        }
        shown.put("weight", target.weight());
        target.watched().ifPresent(watched -> put(shown, watched, now));
        return shown;
    }

    /** To the nearest second: made of two clocks, it would be another one each time somebody looks. */
    private static String second(Instant time) {
        return time.plusMillis(500).truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static double millis(Duration time) {
        return Math.round(time.toNanos() / 1e4) / 100.0;
    }

    private static void put(ObjectNode shown, TargetStatus.LastFailure last, Instant now) {
        shown.putObject("last_failure").put("at", second(now.minus(last.ago()))).put("reason", last.what());
    }

    private static void put(ObjectNode shown, TargetStatus.Watched watched, Instant now) {
        CircuitState circuit = watched.circuit();
        shown.put("state", circuit.phase().wireName());
        shown.put("since", second(now.minus(circuit.since())));
        if (!circuit.left().isZero()) {
            shown.put("until", second(now.plus(circuit.left())));
        }
        if (circuit.phase() != CircuitState.Phase.CLOSED) {
            shown.put("reason", circuit.reason());
        }
        shown.put("in_flight", watched.inFlight());
        watched.latency().ifPresent(latency -> shown.put("latency_ms", millis(latency)));
        ObjectNode attempts = shown.putObject("attempts");
        watched.attempts().forEach(attempts::put);
        watched.lastFailure().ifPresent(last -> put(shown, last, now));
    }
}
