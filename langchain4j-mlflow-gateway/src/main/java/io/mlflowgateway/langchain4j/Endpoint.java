package io.mlflowgateway.langchain4j;

import com.fasterxml.jackson.databind.JsonNode;
import io.mlflowgateway.langchain4j.internal.BaseUrl;
import io.mlflowgateway.langchain4j.internal.Json;
import java.util.Optional;

/**
 * A route, as MLflow 2.9 and newer describe it.
 *
 * @param name what callers ask for
 * @param endpointType as written by the server, such as {@code llm/v1/chat}
 * @param model what answers behind the name
 * @param endpointUrl absolute address for invocations
 * @param limit how often it may be called, if it is limited
 */
public record Endpoint(
        String name, String endpointType, RouteModel model, String endpointUrl, Optional<RouteLimit> limit) {
    /** {@return what it does} */
    public TaskType task() {
        return TaskType.of(endpointType);
    }

    static Endpoint from(JsonNode json, BaseUrl baseUrl) {
        return new Endpoint(
                Descriptions.required(json, "name"),
                Json.text(json, "endpoint_type").orElse(""),
                Descriptions.model(json.path("model")),
                Json.text(json, "endpoint_url").map(baseUrl::absolute).orElse(""),
                Descriptions.limit(json.path("limit")));
    }
}
