package io.mlflowgateway.server.api.docs;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.query.Task;
import java.util.List;
import java.util.Map;

/** What operations have in common: references into the fixed part of the document. */
final class Operations {
    /** Refusals a caller can meet at any invocation. */
    private static final List<Integer> REFUSALS = List.of(400, 401, 404, 413, 415, 500, 501, 502, 503, 504);

    private static final Map<Task, String> NAMES =
            Map.of(Task.CHAT, "Chat", Task.COMPLETIONS, "Completions", Task.EMBEDDINGS, "Embeddings");

    private Operations() {}

    /** The part of a component's name that says the task. */
    static String name(Task task) {
        return NAMES.getOrDefault(task, task.name());
    }

    static ObjectNode operation(String tag, String id, String summary) {
        ObjectNode operation = JsonNodeFactory.instance.objectNode();
        operation.putArray("tags").add(tag);
        return operation.put("operationId", id).put("summary", summary);
    }

    /**
     * The answers.
     *
     * @param answer component of the good one
     * @param dialect how the components of the refusals begin; empty for MLflow's
     */
    static ObjectNode responses(String answer, String dialect) {
        ObjectNode responses = JsonNodeFactory.instance.objectNode();
        responses.set("200", reference("responses/" + answer));
        for (int status : REFUSALS) {
            responses.set(Integer.toString(status), reference("responses/" + dialect + "Refused"));
        }
        if (dialect.isEmpty()) {
            // OpenAI has no 422 for a wrong body, and says 400.
            responses.set("422", reference("responses/Refused"));
        }
        responses.set("429", reference("responses/" + dialect + "Limited"));
        return responses;
    }

    /** A reference to a component, for example {@code schemas/Route}. */
    static ObjectNode reference(String component) {
        return JsonNodeFactory.instance.objectNode().put("$ref", "#/components/" + component);
    }
}
