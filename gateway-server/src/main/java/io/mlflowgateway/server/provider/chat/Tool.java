package io.mlflowgateway.server.provider.chat;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A function the model may ask for.
 *
 * @param description empty where there is none
 * @param parameters a JSON schema of an object; an empty one where the caller gave none
 */
public record Tool(String name, String description, ObjectNode parameters, boolean strict) {}
