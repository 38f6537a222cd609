package io.mlflowgateway.server.provider.chat;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The form the answer's text must have.
 *
 * @param name of the schema
 * @param schema an empty object unless the kind is {@code JSON_SCHEMA}
 */
public record ResponseFormat(Kind kind, String name, ObjectNode schema, boolean strict) {
    public enum Kind {
        TEXT,
        JSON_OBJECT,
        JSON_SCHEMA
    }
}
