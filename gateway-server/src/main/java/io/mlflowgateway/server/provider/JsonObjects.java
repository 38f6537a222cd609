package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.query.Failure;
import java.util.Optional;

/** Reads what an upstream says as JSON objects; anything else is a 502. */
final class JsonObjects {
    private JsonObjects() {}

    static JsonNode ofAnswer(byte[] json) {
        return read(json).orElseThrow(() -> invalidAnswer("is not a JSON object"));
    }

    static JsonNode ofEvent(SseEvent event) {
        return read(event.data()).orElseThrow(() -> ChunkReader.invalid("an event that is not a JSON object"));
    }

    static Failure invalidAnswer(String what) {
        return Failure.of(Failure.Kind.UPSTREAM_INVALID, "the provider's answer " + what);
    }

    /** Empty for everything but an object. */
    static Optional<JsonNode> read(byte[] json) {
        try {
            return Optional.ofNullable(Json.tree(json)).filter(JsonNode::isObject);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }
}
