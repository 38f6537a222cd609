package io.mlflowgateway.langchain4j;

import com.fasterxml.jackson.databind.JsonNode;
import io.mlflowgateway.langchain4j.internal.GatewayConnection;
import io.mlflowgateway.langchain4j.internal.Json;
import io.mlflowgateway.langchain4j.internal.Listing;
import io.mlflowgateway.langchain4j.internal.WireShape;
import java.util.Optional;

/** Routes as each API lists and describes them. */
final class RouteDescription {

    private RouteDescription() {}

    static Listing listing(GatewayConnection connection) {
        return switch (spoken(connection)) {
            case SERVING -> Listing.servingEndpoints(connection);
            case OPENAI_API -> Listing.models(connection);
            case CLASSIC, OPENAI -> Listing.routes(connection);
        };
    }

    static Route route(JsonNode json, GatewayConnection connection) {
        return switch (spoken(connection)) {
            case SERVING -> servingEndpoint(json, connection);
            case OPENAI_API -> model(json);
            case CLASSIC, OPENAI -> Route.from(json, connection.baseUrl());
        };
    }

    /** Both generations of MLflow list routes. */
    private static WireShape spoken(GatewayConnection connection) {
        return connection.knownShape().orElse(WireShape.OPENAI);
    }

    /** Databricks REST API, "Get all serving endpoints"; a model of the workspace's own has an entity's name only. */
    private static Route servingEndpoint(JsonNode json, GatewayConnection connection) {
        String name = Descriptions.required(json, "name");
        JsonNode entity = json.path("config").path("served_entities").path(0);
        JsonNode external = entity.path("external_model");
        String model = Json.words(external, "name")
                .or(() -> Json.words(entity.path("foundation_model"), "name"))
                .or(() -> Json.words(entity, "entity_name"))
                .orElse("");
        return new Route(
                name,
                Json.text(json, "task").orElse(""),
                new RouteModel(model, Json.text(external, "provider").orElse(model.isEmpty() ? "" : "databricks")),
                connection.baseUrl().absolute("/serving-endpoints/" + name + "/invocations"),
                Optional.empty());
    }

    /** OpenAI API reference, "List models"; it does not say what a model does. */
    private static Route model(JsonNode json) {
        String id = Descriptions.required(json, "id");
        return new Route(id, "", new RouteModel(id, Json.text(json, "owned_by").orElse("")), "", Optional.empty());
    }
}
