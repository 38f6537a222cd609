package io.mlflowgateway.langchain4j.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The APIs a route may be behind: where it is called, and where its name stands. */
public enum WireShape {
    /** MLflow 2.5 to 2.8 gateway API: {@code candidates} and {@code metadata}. */
    CLASSIC("/gateway/"),
    /** MLflow 2.9 and newer deployments API: OpenAI's shape. */
    OPENAI("/endpoints/"),
    /** Databricks Model Serving: OpenAI's shape below a workspace. */
    SERVING("/serving-endpoints/"),
    /** OpenAI's own API: the path names the task, and the body the route. */
    OPENAI_API("");

    private final String prefix;

    WireShape(String prefix) {
        this.prefix = prefix;
    }

    /** What is called for a route with a body. */
    Address address(String route, byte[] body) {
        return this == OPENAI_API
                ? named(route, body)
                : new Address(prefix + BaseUrl.segment(route) + "/invocations", body);
    }

    private static Address named(String route, byte[] body) {
        JsonNode json = Json.parse(body)
                .filter(JsonNode::isObject)
                .orElseThrow(() -> new IllegalArgumentException("the body must be a JSON object"));
        ObjectNode named = Json.object().put("model", route);
        named.setAll((ObjectNode) json);
        return new Address(task(json), Json.bytes(named));
    }

    private static String task(JsonNode json) {
        if (json.has("input")) {
            return "/embeddings";
        }
        return json.has("prompt") ? "/completions" : "/chat/completions";
    }

    /**
     * Where a body goes.
     *
     * @param path below the base URL
     * @param body as that path wants it
     */
    record Address(String path, byte[] body) {}
}
