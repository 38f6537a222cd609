package io.mlflowgateway.server.api;

import io.mlflowgateway.server.json.BodyScanner.Malformed;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Violation;
import java.util.List;

/** Bodies that are no JSON objects, in the terms of MLflow's validator. */
final class Malformations {
    private Malformations() {}

    static Failure asViolation(Malformed malformed) {
        return Failure.violations(List.of(
                switch (malformed.reason()) {
                    case EMPTY -> new Violation("missing", List.of("body"), "Field required", "", "");
                    case NOT_AN_OBJECT ->
                        new Violation(
                                "model_attributes_type",
                                List.of("body"),
                                "Input should be a valid dictionary or object to extract fields from",
                                "",
                                "");
                    case SYNTAX, BOUND, DUPLICATE ->
                        new Violation(
                                "json_invalid",
                                List.of("body", (int) malformed.offset()),
                                "JSON decode error",
                                "{}",
                                "{\"error\":" + Json.quoted(malformed.getMessage()) + "}");
                }));
    }
}
