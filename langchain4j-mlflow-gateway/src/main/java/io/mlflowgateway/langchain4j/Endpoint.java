package io.mlflowgateway.langchain4j;

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
}
