package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.json.BodyScanner;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.provider.chat.UsageJson;
import io.mlflowgateway.server.query.Body;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Query;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.query.Usage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Writes OpenAI's embeddings answer. */
final class Vectors {
    private Vectors() {}

    /**
     * The answer without {@code usage}.
     *
     * @param base64 whether vectors are written as base64 of little-endian 32-bit floats, as OpenAI's SDKs ask for
     */
    static ObjectNode answer(List<float[]> vectors, String model, boolean base64) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode().put("object", "list");
        ArrayNode data = answer.putArray("data");
        for (int i = 0; i < vectors.size(); i++) {
            ObjectNode item = data.addObject().put("object", "embedding").put("index", i);
            if (base64) {
                item.put("embedding", base64(vectors.get(i)));
            } else {
                ArrayNode numbers = item.putArray("embedding");
                for (float number : vectors.get(i)) {
                    numbers.add(number);
                }
            }
        }
        return answer.put("model", model);
    }

    /**
     * The whole reply.
     *
     * @param vectors a list of lists of numbers; anything else is a 502
     */
    static Reply.Whole reply(JsonNode vectors, Usage usage, Query query, String model) {
        int asked = Prompts.oneOrMore(Prompts.tree(query.body()).path("input")).size();
        List<float[]> all = new ArrayList<>();
        for (JsonNode vector : vectors) {
            all.add(floats(vector));
        }
        if (all.isEmpty() || all.size() != asked) {
            throw invalid("holds " + all.size() + " embeddings for " + asked + " texts");
        }
        ObjectNode answer = answer(all, model, wantsBase64(query.body()));
        answer.set("usage", UsageJson.of(usage));
        try {
            return new Reply.Whole(BodyScanner.scan(Json.bytes(answer)), usage);
        } catch (BodyScanner.Malformed e) {
            throw invalid("breaks a bound: " + e.getMessage());
        }
    }

    /** Whether the caller of this query asks for vectors as base64. */
    static boolean wantsBase64(Body asked) {
        return asked.member("encoding_format")
                .filter(format -> asked.raw(format).equals("\"base64\""))
                .isPresent();
    }

    /** One vector; anything else than a list of numbers is a 502. */
    static float[] floats(JsonNode vector) {
        if (!vector.isArray() || vector.isEmpty()) {
            throw invalid("holds an embedding without values");
        }
        float[] floats = new float[vector.size()];
        for (int i = 0; i < floats.length; i++) {
            if (!vector.path(i).isNumber()) {
                throw invalid("holds an embedding that is no list of numbers");
            }
            floats[i] = vector.path(i).floatValue();
        }
        return floats;
    }

    private static Failure invalid(String what) {
        return Failure.of(Failure.Kind.UPSTREAM_INVALID, "the provider's answer " + what);
    }

    private static String base64(float[] vector) {
        ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float number : vector) {
            bytes.putFloat(number);
        }
        return Base64.getEncoder().encodeToString(bytes.array());
    }
}
