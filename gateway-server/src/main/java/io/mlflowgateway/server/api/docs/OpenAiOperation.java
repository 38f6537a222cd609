package io.mlflowgateway.server.api.docs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.routing.TargetRoute;
import java.util.List;
import java.util.Locale;

/** OpenAI's path of a task: one for all routes, told apart by {@code model}. */
final class OpenAiOperation {
    /** Beyond these a reader picks from the list of models. */
    private static final int MOST_EXAMPLES = 20;

    private final Task task;
    private final List<TargetRoute> routes;

    /** @param routes of the task, at least one */
    OpenAiOperation(Task task, List<TargetRoute> routes) {
        this.task = task;
        this.routes = routes;
    }

    /** As in OpenAI's API. */
    String path() {
        return switch (task) {
            case CHAT -> "/v1/chat/completions";
            case COMPLETIONS -> "/v1/completions";
            case EMBEDDINGS -> "/v1/embeddings";
        };
    }

    ObjectNode json() {
        String name = Operations.name(task);
        ObjectNode operation =
                Operations.operation("openai", "openai_" + task.name().toLowerCase(Locale.ROOT), task.wireName());
        ObjectNode content = operation
                .putObject("requestBody")
                .put("required", true)
                .putObject("content")
                .putObject("application/json");
        ObjectNode schema = content.putObject("schema");
        schema.putArray("allOf").add(Operations.reference("schemas/OpenAi" + name + "Request"));
        ArrayNode models = schema.putObject("properties")
                .putObject("model")
                .put("type", "string")
                .putArray("enum");
        routes.forEach(route -> models.add(route.name()));
        content.set("examples", examples());
        operation.set("responses", Operations.responses(name + "Answer", "OpenAi"));
        return operation;
    }

    private JsonNode examples() {
        ObjectNode examples = JsonNodeFactory.instance.objectNode();
        for (TargetRoute route : routes.subList(0, Math.min(MOST_EXAMPLES, routes.size()))) {
            examples.putObject(route.name()).set("value", asked(route.name()));
        }
        if (task != Task.EMBEDDINGS) {
            String first = routes.get(0).name();
            examples.putObject(first + ", streamed").set("value", asked(first).put("stream", true));
        }
        return examples;
    }

    private ObjectNode asked(String model) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("model", model);
        switch (task) {
            case CHAT ->
                body.putArray("messages").addObject().put("role", "user").put("content", "Hello");
            case COMPLETIONS -> body.put("prompt", "Hello");
            case EMBEDDINGS -> body.put("input", "Hello");
        }
        return body;
    }
}
