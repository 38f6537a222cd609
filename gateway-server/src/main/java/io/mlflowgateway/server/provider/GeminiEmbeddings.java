package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.json.BodyScanner;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.provider.chat.UsageJson;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Query;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.query.Usage;
import java.util.ArrayList;
import java.util.List;

/** Embeddings: one text by itself, several as a list of requests. Google tells no tokens. */
final class GeminiEmbeddings {
    private static final int MOST_TEXTS = 100;

    private GeminiEmbeddings() {}

    static ObjectNode body(ObjectNode asked, String model) {
        List<JsonNode> texts = Prompts.oneOrMore(asked.path("input"));
        if (texts.isEmpty() || !texts.stream().allMatch(JsonNode::isTextual)) {
            throw Failure.of(Failure.Kind.UNPROCESSABLE, "input must be a text or a list of texts for gemini");
        }
        if (texts.size() > MOST_TEXTS) {
            throw Failure.of(Failure.Kind.UNPROCESSABLE, "input may hold " + MOST_TEXTS + " texts at most for gemini");
        }
        if (texts.size() == 1) {
            return request(texts.get(0).asText(), asked);
        }
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode requests = body.putArray("requests");
        texts.forEach(text -> requests.add(request(text.asText(), asked).put("model", "models/" + model)));
        return body;
    }

    private static ObjectNode request(String text, ObjectNode asked) {
        ObjectNode request = JsonNodeFactory.instance.objectNode();
        request.putObject("content").putArray("parts").addObject().put("text", text);
        if (asked.hasNonNull("dimensions")) {
            request.set("outputDimensionality", asked.path("dimensions"));
        }
        for (String member : new String[] {"taskType", "title"}) {
            if (asked.hasNonNull(member)) {
                request.set(member, asked.path(member));
            }
        }
        return request;
    }

    static Reply.Whole reply(Query query, Attempt attempt, byte[] json) {
        JsonNode answer = GeminiAnswer.tree(json);
        if (answer.has("error")) {
            throw Refusals.ofErrorMember(answer.path("error"), attempt.settings());
        }
        JsonNode all = answer.has("embedding")
                ? JsonNodeFactory.instance.arrayNode().add(answer.path("embedding"))
                : answer.path("embeddings");
        List<float[]> vectors = new ArrayList<>();
        all.forEach(embedding -> vectors.add(floats(embedding.path("values"))));
        if (vectors.isEmpty()) {
            throw GeminiAnswer.invalid("holds no embedding");
        }
        boolean base64 =
                Prompts.tree(query.body()).path("encoding_format").asText("").equals("base64");
        ObjectNode shown = Vectors.answer(vectors, attempt.model(), base64);
        shown.set("usage", UsageJson.of(Usage.UNKNOWN));
        try {
            return new Reply.Whole(BodyScanner.scan(Json.bytes(shown)), Usage.UNKNOWN);
        } catch (BodyScanner.Malformed e) {
            throw GeminiAnswer.invalid("breaks a bound: " + e.getMessage());
        }
    }

    private static float[] floats(JsonNode values) {
        if (!values.isArray() || values.isEmpty()) {
            throw GeminiAnswer.invalid("holds an embedding without values");
        }
        float[] vector = new float[values.size()];
        for (int i = 0; i < vector.length; i++) {
            if (!values.path(i).isNumber()) {
                throw GeminiAnswer.invalid("holds an embedding that is no list of numbers");
            }
            vector[i] = values.path(i).floatValue();
        }
        return vector;
    }
}
