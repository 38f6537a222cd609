package io.mlflowgateway.server.query;

import java.util.List;

/**
 * One thing wrong with a request body, in the terms MLflow's validator uses.
 *
 * @param type the rule's name, for example {@code less_than_equal}
 * @param location path into the request: {@code "body"}, then names (String) and indices (Integer)
 * @param message what would do
 * @param inputJson what was found, as JSON text; empty when there was nothing
 * @param contextJson the rule's bounds as a JSON object; empty when it has none
 */
public record Violation(String type, List<Object> location, String message, String inputJson, String contextJson) {
    public Violation {
        location = List.copyOf(location);
    }
}
