package io.mlflowgateway.langchain4j.kit.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Turns texts into vectors: texts that share words are near each other, and no two texts have the same. */
final class Vectors {

    private static final int DIMENSIONS = 384;
    private static final float WHOLE_TEXT = 0.01f;
    private static final Pattern NO_WORD = Pattern.compile("\\W+");

    private Vectors() {}

    /** {@return one for each input of the request, as long as it asks for} */
    static List<float[]> of(JsonNode request) {
        int dimensions = request.path("dimensions").asInt(DIMENSIONS);
        String kind = request.path("input_type").asText();
        List<float[]> vectors = new ArrayList<>();
        JsonNode input = request.path("input");
        if (input.isTextual()) {
            vectors.add(of(input.asText(), kind, dimensions));
        } else {
            input.forEach(text -> vectors.add(of(text.asText(), kind, dimensions)));
        }
        return vectors;
    }

    private static float[] of(String text, String kind, int dimensions) {
        float[] vector = new float[dimensions];
        NO_WORD.splitAsStream(text.toLowerCase(Locale.ROOT))
                .forEach(word -> vector[Math.floorMod(word.hashCode(), dimensions)] += 1);
        vector[Math.floorMod((kind + text).hashCode(), dimensions)] += WHOLE_TEXT;
        return vector;
    }
}
