package io.mlflowgateway.langchain4j.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Mono;

/** Calls embeddings routes, in whichever shape the server speaks. */
public final class Embeddings {

    private final GatewayConnection connection;

    /**
     * Calls through a connection.
     *
     * @param connection to the gateway
     */
    public Embeddings(GatewayConnection connection) {
        this.connection = connection;
    }

    /**
     * Turns texts into vectors in one request.
     *
     * @param call which route
     * @param texts at least one
     * @param fields of the body besides them
     * @return a vector for each text, in order
     */
    public Mono<EmbeddingsAnswer> embed(RouteCall call, List<String> texts, Map<String, Object> fields) {
        return connection.post(call, shape -> body(shape, texts, fields)).map(answer -> read(answer, texts.size()));
    }

    private static byte[] body(WireShape shape, List<String> texts, Map<String, Object> fields) {
        ObjectNode body = Json.object();
        ArrayNode input = body.putArray(shape == WireShape.CLASSIC ? "text" : "input");
        texts.forEach(input::add);
        fields.forEach((name, value) -> body.set(name, Json.tree(value)));
        return Json.bytes(body);
    }

    private static EmbeddingsAnswer read(WholeAnswer answer, int expected) {
        return answer.read(json -> json.has("embeddings")
                ? classic(json, expected, answer.head())
                : openAi(json, expected, answer.head()));
    }

    private static EmbeddingsAnswer classic(JsonNode json, int expected, ResponseHead head) {
        JsonNode embeddings = json.path("embeddings");
        List<float[]> vectors = new ArrayList<>();
        embeddings.forEach(node -> vectors.add(vector(node)));
        if (vectors.size() != expected) {
            throw wrongCount(vectors.size(), expected);
        }
        JsonNode metadata = json.path("metadata");
        String model = Json.words(metadata, "model").orElse(null);
        return new EmbeddingsAnswer(vectors, UsageCounts.classic(metadata), model, head);
    }

    private static EmbeddingsAnswer openAi(JsonNode json, int expected, ResponseHead head) {
        JsonNode data = json.path("data");
        if (!data.isArray()) {
            throw new UnreadableAnswer("the answer holds no embeddings: is this an embeddings route?");
        }
        float[][] vectors = new float[expected][];
        int place = 0;
        for (JsonNode item : data) {
            // Items may come in any order; their index tells whose they are.
            int index = item.path("index").asInt(place);
            if (index < 0 || index >= expected || vectors[index] != null) {
                throw new UnreadableAnswer("the answer holds an embedding of no text, at index " + index);
            }
            vectors[index] = vector(item.path("embedding"));
            place++;
        }
        if (place != expected) {
            throw wrongCount(place, expected);
        }
        String model = Json.words(json, "model").orElse(null);
        return new EmbeddingsAnswer(Arrays.asList(vectors), UsageCounts.openAi(json.path("usage")), model, head);
    }

    private static float[] vector(JsonNode node) {
        if (node.isTextual()) {
            return decoded(node.textValue());
        }
        if (!node.isArray() || node.isEmpty()) {
            throw new UnreadableAnswer("the answer holds an embedding that is not a list of numbers");
        }
        float[] vector = new float[node.size()];
        for (int place = 0; place < vector.length; place++) {
            if (!node.path(place).isNumber()) {
                throw new UnreadableAnswer("the answer holds an embedding that is not a list of numbers");
            }
            vector[place] = node.path(place).floatValue();
        }
        return vector;
    }

    /** OpenAI's {@code encoding_format: base64}: little-endian floats. */
    private static float[] decoded(String base64) {
        try {
            ByteBuffer bytes =
                    ByteBuffer.wrap(Base64.getDecoder().decode(base64)).order(ByteOrder.LITTLE_ENDIAN);
            float[] vector = new float[bytes.remaining() / Float.BYTES];
            bytes.asFloatBuffer().get(vector);
            return vector;
        } catch (IllegalArgumentException malformed) {
            throw new UnreadableAnswer("the answer holds an embedding that is not base64");
        }
    }

    private static UnreadableAnswer wrongCount(int found, int expected) {
        return new UnreadableAnswer("the answer holds " + found + " embeddings for " + expected + " texts");
    }
}
