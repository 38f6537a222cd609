package io.mlflowgateway.samples.localmodel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** {@code POST /v1/embeddings}, by a model inside this JVM. Shapes: OpenAI API reference, "Create embeddings". */
final class EmbeddingsApi {
    static final String MODEL = "all-minilm-l6-v2";
    private static final int MOST_INPUTS = 2048;

    private final EmbeddingModel model;

    EmbeddingsApi(EmbeddingModel model) {
        this.model = model;
    }

    void handle(Exchange exchange) throws IOException {
        exchange.expect("POST");
        JsonNode body = exchange.body();
        Fields.requireModel(body, MODEL);
        boolean base64 = base64(body.path("encoding_format").asText("float"));
        Response<List<Embedding>> embedded = model.embedAll(inputs(body.path("input")));

        ObjectNode answer =
                Exchange.JSON.createObjectNode().put("object", "list").put("model", MODEL);
        ArrayNode data = answer.putArray("data");
        for (Embedding embedding : embedded.content()) {
            ObjectNode entry = data.addObject().put("object", "embedding").put("index", data.size() - 1);
            write(entry, embedding.vector(), base64);
        }
        int tokens = embedded.tokenUsage() == null ? 0 : embedded.tokenUsage().inputTokenCount();
        answer.putObject("usage").put("prompt_tokens", tokens).put("total_tokens", tokens);
        exchange.answer(200, answer);
    }

    private static List<TextSegment> inputs(JsonNode input) {
        List<TextSegment> segments = new ArrayList<>();
        Iterable<JsonNode> entries = input.isArray() ? input : List.of(input);
        for (JsonNode entry : entries) {
            if (!entry.isTextual() || entry.textValue().isBlank()) {
                throw Refusal.invalid("'input' is a text or a list of texts, none of them blank");
            }
            segments.add(TextSegment.from(entry.textValue()));
        }
        if (segments.isEmpty() || segments.size() > MOST_INPUTS) {
            throw Refusal.invalid("'input' holds 1 to " + MOST_INPUTS + " texts, not " + segments.size());
        }
        return segments;
    }

    private static boolean base64(String format) {
        return switch (format) {
            case "float" -> false;
            case "base64" -> true;
            default -> throw Refusal.invalid("'encoding_format' is float or base64");
        };
    }

    /** In base64 a vector is its 32-bit floats, lowest byte first. */
    private static void write(ObjectNode entry, float[] vector, boolean base64) {
        if (base64) {
            ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put(vector);
            entry.put("embedding", Base64.getEncoder().encodeToString(bytes.array()));
            return;
        }
        ArrayNode numbers = entry.putArray("embedding");
        for (float number : vector) {
            numbers.add(number);
        }
    }
}
