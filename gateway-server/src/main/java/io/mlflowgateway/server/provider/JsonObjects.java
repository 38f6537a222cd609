package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.query.Failure;
import java.util.Optional;

/** Reads what an upstream says as JSON objects; anything else is a 502. */
final class JsonObjects {
    /** What is said of an answer that cannot be read as a tree. */
    static final String BOUND = "goes too deep, or has a number too long or more than " + Json.MOST_ANSWERED
            + " names, values and brackets";

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

    /** The whole answer, whatever it is. */
    static JsonNode anyOfAnswer(byte[] json) {
        try {
            return Json.tree(json);
        } catch (StreamConstraintsException e) {
            throw invalidAnswer(BOUND);
        } catch (JsonProcessingException e) {
            throw invalidAnswer("is not JSON");
        }
    }

    /** Empty for everything but an object. */
    static Optional<JsonNode> read(byte[] json) {
        try {
            return Optional.of(Json.tree(json)).filter(JsonNode::isObject);
        } catch (StreamConstraintsException e) {
            throw invalidAnswer(BOUND);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }
}
