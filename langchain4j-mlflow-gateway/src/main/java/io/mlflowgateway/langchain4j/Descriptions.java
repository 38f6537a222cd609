package io.mlflowgateway.langchain4j;

import com.fasterxml.jackson.databind.JsonNode;
import io.mlflowgateway.langchain4j.failure.FailureDetails;
import io.mlflowgateway.langchain4j.failure.GatewayAnswerException;
import io.mlflowgateway.langchain4j.internal.Json;
import java.util.Optional;

/** The parts that descriptions of routes and of endpoints have in common. Unknown fields are left aside. */
final class Descriptions {

    private Descriptions() {}

    static String required(JsonNode json, String field) {
        return Json.words(json, field)
                .orElseThrow(() -> new GatewayAnswerException(
                        "The description of a route has no " + field + ": is this a gateway's address?",
                        FailureDetails.unanswered(Optional.empty(), 1),
                        null));
    }

    static RouteModel model(JsonNode model) {
        return new RouteModel(
                Json.text(model, "name").orElse(""),
                Json.text(model, "provider").orElse(""));
    }

    static Optional<RouteLimit> limit(JsonNode limit) {
        return limit.isObject()
                ? Optional.of(new RouteLimit(
                        limit.path("calls").asLong(),
                        Json.text(limit, "renewal_period").orElse(""),
                        Json.words(limit, "key")))
                : Optional.empty();
    }
}
