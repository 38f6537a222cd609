package io.mlflowgateway.server.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.config.Problems;
import io.mlflowgateway.server.config.ReloadOutcome;
import io.mlflowgateway.server.http.Answer;
import io.mlflowgateway.server.http.Endpoint;
import io.mlflowgateway.server.json.Json;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/** What load balancers and operators ask besides {@code /health}: whether to send calls here, and how the file is. */
public final class HealthPages {
    private HealthPages() {}

    /**
     * The pages by path.
     *
     * @param ready false from the moment the gateway is told to stop
     * @param lastReload how the last change of the configuration ended
     */
    public static Map<String, Endpoint> endpoints(BooleanSupplier ready, Supplier<ReloadOutcome> lastReload) {
        return Map.of(
                "/health/ready", (head, body) -> Mono.just(readiness(ready.getAsBoolean())),
                "/health/config", (head, body) -> Mono.just(Answers.ok(config(lastReload.get()))));
    }

    private static Answer readiness(boolean ready) {
        ObjectNode shown = JsonNodeFactory.instance.objectNode().put("ready", ready);
        return new Answer.Whole(ready ? 200 : 503, Answers.ok(shown).headers(), Json.bytes(shown));
    }

    private static ObjectNode config(ReloadOutcome outcome) {
        ObjectNode shown = JsonNodeFactory.instance.objectNode();
        shown.put("version", outcome.version());
        shown.put("last_reload_success", outcome.success());
        shown.put("last_reload_at", outcome.at().toString());
        ArrayNode problems = shown.putArray("problems");
        outcome.problems().forEach(problem -> problems.add(shown(problem)));
        outcome.warnings().forEach(shown.putArray("warnings")::add);
        return shown;
    }

    private static ObjectNode shown(Problems.Problem problem) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("place", problem.place())
                .put("path", problem.path())
                .put("message", problem.message());
    }
}
