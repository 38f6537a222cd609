package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.query.Query;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.query.Usage;
import java.util.List;
import java.util.Map;

/** Embeddings of Vertex AI: {@code predict} with an instance for each text. It tells the tokens of each. */
final class VertexEmbeddings {
    /** What an instance may say beside its text, by the caller's names. */
    private static final Map<String, String> OF_INSTANCES =
            Map.of("taskType", "task_type", "task_type", "task_type", "title", "title");

    /** In one call: the API takes ten times as many, but no more than 20,000 tokens in all of them. */
    private static final int MOST_TEXTS = 25;

    private VertexEmbeddings() {}

    /** How many texts go in one call of the model; Gemini's own take one. */
    static int mostTexts(String model) {
        return model.contains("gemini-embedding") ? 1 : MOST_TEXTS;
    }

    static ObjectNode body(ObjectNode asked) {
        List<JsonNode> texts = Prompts.texts(asked.path("input"), "vertex");
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode instances = body.putArray("instances");
        for (JsonNode text : texts) {
            ObjectNode instance = instances.addObject();
            instance.set("content", text);
            OF_INSTANCES.forEach((callers, vertexs) -> {
                if (asked.hasNonNull(callers)) {
                    instance.set(vertexs, asked.path(callers));
                }
            });
        }
        if (asked.hasNonNull("dimensions")) {
            body.putObject("parameters").set("outputDimensionality", asked.path("dimensions"));
        }
        if (asked.hasNonNull("autoTruncate")) {
            body.withObject("/parameters").set("autoTruncate", asked.path("autoTruncate"));
        }
        return body;
    }

    static Reply.Whole reply(Query query, Attempt attempt, byte[] json) {
        JsonNode answer = JsonObjects.ofAnswer(json);
        if (answer.has("error")) {
            throw Refusals.ofErrorMember(answer.path("error"), attempt.settings());
        }
        ArrayNode vectors = JsonNodeFactory.instance.arrayNode();
        long tokens = 0;
        boolean told = true;
        for (JsonNode prediction : answer.path("predictions")) {
            JsonNode count = prediction.at("/embeddings/statistics/token_count");
            told &= count.isNumber();
            tokens += Math.max(0, (long) count.asDouble(0));
            vectors.add(prediction.at("/embeddings/values"));
        }
        Usage usage = told ? new Usage(tokens, 0) : Usage.UNKNOWN;
        return Vectors.reply(vectors, usage, query, attempt.model());
    }
}
