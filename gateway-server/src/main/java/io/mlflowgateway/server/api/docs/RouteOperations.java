package io.mlflowgateway.server.api.docs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.config.RouteConfig;
import io.mlflowgateway.server.query.CallLimit;
import io.mlflowgateway.server.routing.TargetRoute;
import java.util.stream.Collectors;

/** The two MLflow paths of one route. Says of its targets only what listings say too: names, never settings. */
final class RouteOperations {
    private final RouteConfig config;
    private final String name;

    RouteOperations(TargetRoute route) {
        this.config = route.config();
        this.name = Operations.name(route.task());
    }

    /** {@code POST /gateway/{name}/invocations}: the classic shape where the entry was written so. */
    ObjectNode gateway() {
        String shape = (config.classic() ? "Classic" : "") + name;
        return operation("gateway", "gateway_", shape);
    }

    /** {@code POST /endpoints/{name}/invocations}. */
    ObjectNode endpoint() {
        return operation("endpoints", "endpoints_", name);
    }

    private ObjectNode operation(String tag, String idPrefix, String shape) {
        ObjectNode operation = Operations.operation(
                tag, idPrefix + config.name(), config.task().wireName());
        operation.put("description", description());
        operation.set("requestBody", Operations.reference("requestBodies/" + shape));
        operation.set("responses", Operations.responses(shape + "Answer", ""));
        return operation;
    }

    private String description() {
        String targets = config.targets().stream().map(this::target).collect(Collectors.joining(", "));
        return "Answered by " + targets + "."
                + config.limit().map(RouteOperations::limit).orElse("");
    }

    private String target(RouteConfig.Target target) {
        String model = target.model().isEmpty() ? "" : ", model " + quoted(target.model());
        return target.provider() + model + share(target);
    }

    private String share(RouteConfig.Target target) {
        if (config.split()) {
            return " (" + target.weight() + " %)";
        }
        return config.targets().size() > 1 ? " (weight " + target.weight() + ")" : "";
    }

    private static String limit(CallLimit limit) {
        return " Limited to " + limit.calls() + " calls per " + limit.periodText() + ", over all surfaces.";
    }

    private static String quoted(String text) {
        return '`' + text.replace('`', '\'') + '`';
    }
}
