package io.mlflowgateway.server.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.config.RouteConfig;
import io.mlflowgateway.server.http.Answer;
import io.mlflowgateway.server.http.Head;
import io.mlflowgateway.server.query.CallLimit;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.routing.RouteTable;
import io.mlflowgateway.server.routing.TargetRoute;
import java.util.List;

/**
 * Routes as MLflow's management APIs describe them: as routes (2.5-2.8), as endpoints (2.9+), as traffic splits (3.x).
 * Shows names, types and limits; never a setting of a provider. The key {@code limit} is always there: clients from 2.10
 * on refuse a description without it. {@code capabilities} is there only where it was configured, as MLflow does not have
 * it.
 */
final class Descriptions {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private Descriptions() {}

    /** {@code GET /api/2.0/gateway/routes/}. */
    static Answer routes(RouteTable table, Head head) {
        return list("routes", "route", plain(table), head);
    }

    /** {@code GET /api/2.0/endpoints/}. */
    static Answer endpoints(RouteTable table, Head head) {
        return list("endpoints", "endpoint", plain(table), head);
    }

    /** {@code GET /api/2.0/gateway/routes/{name}}. */
    static Answer route(RouteTable table, String name) {
        return Answers.ok(describe(find(table, name, "route", false), "route"));
    }

    /** {@code GET /api/2.0/endpoints/{name}} and {@code /api/3.0/gateway/endpoint/{name}}. */
    static Answer endpoint(RouteTable table, String name) {
        return Answers.ok(describe(find(table, name, "endpoint", false), "endpoint"));
    }

    /** {@code GET /api/3.0/gateway/route/{name}}: a traffic split. */
    static Answer split(RouteTable table, String name) {
        TargetRoute route = find(table, name, "route", true);
        ObjectNode split = NODES.objectNode();
        split.put("name", route.name());
        split.put("task_type", route.task().wireName());
        ArrayNode destinations = split.putArray("destinations");
        for (RouteConfig.Target target : route.config().targets()) {
            destinations.addObject().put("name", target.name()).put("traffic_percentage", target.weight());
        }
        split.put("routing_strategy", "TRAFFIC_SPLIT");
        return Answers.ok(split);
    }

    private static List<TargetRoute> plain(RouteTable table) {
        return table.all().stream().filter(route -> !route.config().split()).toList();
    }

    private static Answer list(String key, String word, List<TargetRoute> routes, Head head) {
        Page page = Page.of(head.query(), routes.size());
        ObjectNode list = NODES.objectNode();
        ArrayNode items = list.putArray(key);
        routes.subList(page.from(), page.to()).forEach(route -> items.add(describe(route, word)));
        page.next().ifPresentOrElse(token -> list.put("next_page_token", token), () -> list.putNull("next_page_token"));
        return Answers.ok(list);
    }

    private static TargetRoute find(RouteTable table, String name, String word, boolean split) {
        return table.find(name)
                .filter(route -> route.config().split() == split)
                .orElseThrow(() -> Failure.of(
                        Failure.Kind.NOT_FOUND,
                        "The " + word + " '" + name + "' is not present or active; please verify its name."));
    }

    private static ObjectNode describe(TargetRoute route, String word) {
        RouteConfig.Target target = route.config().targets().get(0);
        ObjectNode description = NODES.objectNode();
        description.put("name", route.name());
        description.put(word + "_type", route.task().wireName());
        ObjectNode model = description.putObject("model");
        if (target.model().isEmpty()) {
            model.putNull("name");
        } else {
            model.put("name", target.model());
        }
        model.put("provider", target.provider());
        description.put(word + "_url", "/gateway/" + route.name() + "/invocations");
        route.limit()
                .ifPresentOrElse(limit -> description.set("limit", limit(limit)), () -> description.putNull("limit"));
        if (!route.config().capabilities().isEmpty()) {
            route.config().capabilities().forEach(description.putArray("capabilities")::add);
        }
        return description;
    }

    private static ObjectNode limit(CallLimit limit) {
        String period = limit.periodText().startsWith("1 ") ? limit.periodText().substring(2) : limit.periodText();
        return NODES.objectNode().put("calls", limit.calls()).putNull("key").put("renewal_period", period);
    }
}
