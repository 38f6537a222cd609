package io.mlflowgateway.server.provider.chat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.query.Failure;

/** Reads what a caller has sent as a tree, for providers that must translate it. */
public final class CallersTree {
    private CallersTree() {}

    /**
     * The tree of a body, or of a part of one.
     *
     * @param json checked before
     * @throws Failure (400) where it has more values than a tree may
     */
    public static JsonNode of(byte[] json) {
        try {
            return Json.callersTree(json);
        } catch (JsonProcessingException e) {
            throw Failure.of(
                    Failure.Kind.INVALID_REQUEST,
                    "the body has more values than the provider of this route can be told",
                    e);
        }
    }
}
