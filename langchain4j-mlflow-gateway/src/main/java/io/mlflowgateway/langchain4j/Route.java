package io.mlflowgateway.langchain4j;

import com.fasterxml.jackson.databind.JsonNode;
import io.mlflowgateway.langchain4j.internal.BaseUrl;
import io.mlflowgateway.langchain4j.internal.Json;
import java.util.Optional;

/**
 * A route, as MLflow 2.5 and newer describe it.
 *
 * @param name what callers ask for
 * @param routeType as written by the server, such as {@code llm/v1/chat}
 * @param model what answers behind the name
 * @param routeUrl absolute address for invocations
 * @param limit how often it may be called, if it is limited
 */
public record Route(String name, String routeType, RouteModel model, String routeUrl, Optional<RouteLimit> limit) {
    /** {@return what it does} */
    public TaskType task() {
        return TaskType.of(routeType);
    }

    static Route from(JsonNode json, BaseUrl baseUrl) {
        return new Route(
                Descriptions.required(json, "name"),
                Json.text(json, "route_type").orElse(""),
                Descriptions.model(json.path("model")),
                Json.text(json, "route_url").map(baseUrl::absolute).orElse(""),
                Descriptions.limit(json.path("limit")));
    }
}
