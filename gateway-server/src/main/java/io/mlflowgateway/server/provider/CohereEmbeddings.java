package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.query.Query;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.query.Usage;
import java.util.List;

/** Embeddings of the v2 API, as floats. */
final class CohereEmbeddings {
    /** In one call. */
    static final int MOST_TEXTS = 96;

    private CohereEmbeddings() {}

    /** @param inputType what the texts are for, where the caller does not say */
    static ObjectNode body(ObjectNode asked, String model, String inputType) {
        List<JsonNode> texts = Prompts.texts(asked.path("input"), "cohere");
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("model", model);
        body.put("input_type", asked.path("input_type").asText(inputType));
        ArrayNode list = body.putArray("texts");
        texts.forEach(list::add);
        body.putArray("embedding_types").add("float");
        if (asked.hasNonNull("dimensions")) {
            body.set("output_dimension", asked.path("dimensions"));
        }
        if (asked.hasNonNull("truncate")) {
            body.set("truncate", asked.path("truncate"));
        }
        return body;
    }

    static Reply.Whole reply(Query query, Attempt attempt, byte[] json) {
        JsonNode answer = JsonObjects.ofAnswer(json);
        Usage usage = new Usage(UsageScan.count(answer.at("/meta/billed_units"), "input_tokens"), 0);
        // v1 has them without a name.
        JsonNode vectors =
                answer.path("embeddings").isArray() ? answer.path("embeddings") : answer.at("/embeddings/float");
        return Vectors.reply(vectors, usage, query, attempt.model());
    }
}
