package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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

    private static String base64(float[] vector) {
        ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float number : vector) {
            bytes.putFloat(number);
        }
        return Base64.getEncoder().encodeToString(bytes.array());
    }
}
