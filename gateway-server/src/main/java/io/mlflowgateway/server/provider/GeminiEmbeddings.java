package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.query.Query;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.query.Usage;
import java.util.List;

/** Embeddings: one text by itself, several as a list of requests. Google tells no tokens. */
final class GeminiEmbeddings {
    /** In one call. */
    static final int MOST_TEXTS = 100;

    private GeminiEmbeddings() {}

    static ObjectNode body(ObjectNode asked, String model) {
        List<JsonNode> texts = Prompts.texts(asked.path("input"), "gemini");
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
        JsonNode answer = JsonObjects.ofAnswer(json);
        if (answer.has("error")) {
            throw Refusals.ofErrorMember(answer.path("error"), attempt.settings());
        }
        ArrayNode vectors = JsonNodeFactory.instance.arrayNode();
        if (answer.has("embedding")) {
            vectors.add(answer.at("/embedding/values"));
        }
        answer.path("embeddings").forEach(embedding -> vectors.add(embedding.path("values")));
        return Vectors.reply(vectors, Usage.UNKNOWN, query, attempt.model());
    }
}
