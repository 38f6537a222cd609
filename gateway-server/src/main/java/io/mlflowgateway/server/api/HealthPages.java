package io.mlflowgateway.server.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.config.ConfigStatus;
import io.mlflowgateway.server.config.Problems;
import io.mlflowgateway.server.config.PublicConfig;
import io.mlflowgateway.server.config.ReloadOutcome;
import io.mlflowgateway.server.http.Answer;
import io.mlflowgateway.server.http.Endpoint;
import io.mlflowgateway.server.http.Head;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.routing.RouteTable;
import io.mlflowgateway.server.routing.Routes;
import io.mlflowgateway.server.routing.TargetRoute;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/**
 * What load balancers and operators ask besides {@code /health}: whether to send calls here, how it stands with the
 * configuration, and what of it is in force. Shows nothing of a provider's settings.
 */
public final class HealthPages {
    private final BooleanSupplier ready;
    private final Routes routes;
    private final Supplier<ConfigStatus> status;

    private HealthPages(BooleanSupplier ready, Routes routes, Supplier<ConfigStatus> status) {
        this.ready = ready;
        this.routes = routes;
        this.status = status;
    }

    /**
     * The pages by path.
     *
     * @param ready false from the moment the gateway is told to stop
     * @param status of the configuration file
     */
    public static Map<String, Endpoint> endpoints(BooleanSupplier ready, Routes routes, Supplier<ConfigStatus> status) {
        HealthPages pages = new HealthPages(ready, routes, status);
        return Map.of(
                "/health/ready", (head, body) -> Mono.just(pages.readiness()),
                "/health/config", (head, body) -> Mono.just(Answers.ok(pages.config())),
                "/health/config/routes", (head, body) -> Mono.just(Answers.ok(pages.routes(head))));
    }

    private Answer readiness() {
        boolean now = ready.getAsBoolean();
        ObjectNode shown = JsonNodeFactory.instance.objectNode().put("ready", now);
        return new Answer.Whole(now ? 200 : 503, Answers.ok(shown).headers(), Json.bytes(shown));
    }

    private ObjectNode config() {
        ConfigStatus now = status.get();
        ReloadOutcome last = now.last();
        RouteTable table = routes.current();
        ObjectNode shown = JsonNodeFactory.instance.objectNode();
        putOrNull(shown, "file", now.file().map(Path::toString));
        shown.put("version", table.version());
        shown.put("routes", table.all().size());
        shown.put("loaded_at", last.loadedAt().toString());
        shown.put("last_reload_success", last.success());
        shown.put("last_reload_at", last.at().toString());
        putOrNull(
                shown,
                "file_version",
                now.file().map(file -> last.fileVersion()).filter(found -> !found.isEmpty()));
        ArrayNode problems = shown.putArray("problems");
        last.problems().forEach(problem -> problems.add(shown(problem)));
        last.warnings().forEach(shown.putArray("warnings")::add);
        shown.set("server", PublicConfig.server(now.server()));
        return shown;
    }

    private static ObjectNode shown(Problems.Problem problem) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("place", problem.place())
                .put("path", problem.path())
                .put("message", problem.message());
    }

    private ObjectNode routes(Head head) {
        RouteTable table = routes.current();
        Page page = Page.of(head.query(), table.all().size());
        ObjectNode shown = JsonNodeFactory.instance.objectNode().put("version", table.version());
        ArrayNode list = shown.putArray("routes");
        List<TargetRoute> all = List.copyOf(table.all());
        all.subList(page.from(), page.to()).forEach(route -> list.add(PublicConfig.route(route.config())));
        putOrNull(shown, "next_page_token", page.next());
        return shown;
    }

    private static void putOrNull(ObjectNode shown, String key, Optional<String> value) {
        value.ifPresentOrElse(text -> shown.put(key, text), () -> shown.putNull(key));
    }
}
