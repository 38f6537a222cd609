package io.mlflowgateway.server.api.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.api.Answers;
import io.mlflowgateway.server.api.Invocation;
import io.mlflowgateway.server.http.Answer;
import io.mlflowgateway.server.http.Head;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.query.Body;
import io.mlflowgateway.server.query.Body.Kind;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.routing.RouteTable;
import io.mlflowgateway.server.routing.TargetRoute;
import reactor.core.publisher.Mono;

/** {@code /v1}: the body's {@code model} names the route. */
public final class OpenAiApi {
    private static final OpenAiDialect DIALECT = new OpenAiDialect();

    private final Invocation invocation;
    private final long startedSeconds;

    /** @param startedSeconds shown as {@code created} of every model, seconds since 1970 */
    public OpenAiApi(Invocation invocation, long startedSeconds) {
        this.invocation = invocation;
        this.startedSeconds = startedSeconds;
    }

    /** Answers a call of one of the three tasks. */
    public Mono<Answer> invoke(RouteTable table, Task task, Head head, byte[] bytes) {
        Invocation.requireJson(head);
        Body body = OpenAiDialect.scan(bytes);
        return invocation.run(head, DIALECT, route(table, task, body), body);
    }

    private static TargetRoute route(RouteTable table, Task task, Body body) {
        var model = body.member("model");
        if (model.isEmpty()) {
            throw OpenAiDialect.violation(
                    "missing_required_parameter", "model", "Missing required parameter: 'model' (a route's name).");
        }
        if (model.get().kind() != Kind.STRING) {
            throw OpenAiDialect.violation("invalid_type", "model", "Invalid type for 'model': expected a string.");
        }
        String name = Json.string(body, model.get());
        TargetRoute route = table.find(name).orElseThrow(() -> unknown(name));
        if (route.task() != task) {
            throw OpenAiDialect.violation(
                    "wrong_route_type",
                    "model",
                    "The route '" + name + "' is of type " + route.task().wireName() + ", not " + task.wireName()
                            + ".");
        }
        return route;
    }

    private static Failure unknown(String name) {
        String shown = name.length() > 128 ? name.substring(0, 128) + "…" : name;
        return Failure.of(
                Failure.Kind.MODEL_NOT_FOUND, "The model '" + shown + "' does not exist: no route has this name.");
    }

    /** All routes as OpenAI's list of models. */
    public Answer models(RouteTable table) {
        ObjectNode list = JsonNodeFactory.instance.objectNode();
        list.put("object", "list");
        ArrayNode data = list.putArray("data");
        table.all().forEach(route -> data.add(model(route)));
        return Answers.ok(list);
    }

    /** One route as a model. */
    public Answer model(RouteTable table, String name) {
        return Answers.ok(model(table.find(name).orElseThrow(() -> unknown(name))));
    }

    private ObjectNode model(TargetRoute route) {
        ObjectNode model = JsonNodeFactory.instance.objectNode();
        model.put("id", route.name());
        model.put("object", "model");
        model.put("created", startedSeconds);
        model.put("owned_by", route.config().targets().get(0).provider());
        return model;
    }
}
