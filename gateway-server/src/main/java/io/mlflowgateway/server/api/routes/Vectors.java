package io.mlflowgateway.server.api.routes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.mlflowgateway.server.query.Failure;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;

/** Embeddings as lists of numbers, as MLflow 2.5-2.8 give them, whichever way OpenAI's answer spells them. */
final class Vectors {
    private Vectors() {}

    /**
     * The vectors in the order of the texts.
     *
     * @param data OpenAI's {@code data}: each {@code embedding} a list of numbers, or base64 of little-endian 32-bit floats
     * @throws Failure 502 for anything else
     */
    static ArrayNode of(JsonNode data) {
        List<JsonNode> entries = new ArrayList<>();
        data.forEach(entries::add);
        // Entries without an index keep their place: the sort is stable only if all compare equal or all have one.
        if (entries.stream().allMatch(entry -> entry.path("index").isIntegralNumber())) {
            entries.sort(Comparator.comparingLong(entry -> entry.path("index").longValue()));
        }
        ArrayNode vectors = JsonNodeFactory.instance.arrayNode(entries.size());
        entries.forEach(entry -> vectors.add(vector(entry.path("embedding"))));
        return vectors;
    }

    private static JsonNode vector(JsonNode embedding) {
        if (embedding.isArray()) {
            return embedding;
        }
        if (!embedding.isTextual()) {
            throw Failure.of(Failure.Kind.UPSTREAM_INVALID, "the provider's answer has an entry without an embedding");
        }
        FloatBuffer floats = ByteBuffer.wrap(decoded(embedding.textValue()))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
        ArrayNode vector = JsonNodeFactory.instance.arrayNode(floats.remaining());
        while (floats.hasRemaining()) {
            vector.add(floats.get());
        }
        return vector;
    }

    private static byte[] decoded(String base64) {
        try {
            byte[] bytes = Base64.getDecoder().decode(base64);
            if (bytes.length % Float.BYTES == 0) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            throw Failure.of(Failure.Kind.UPSTREAM_INVALID, "the provider's embedding is not valid base64", e);
        }
        throw Failure.of(Failure.Kind.UPSTREAM_INVALID, "the provider's embedding is not a row of 32-bit floats");
    }
}
