package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.query.Query;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.query.Usage;
import java.util.List;

/** Embeddings by Text Embeddings Inference's own API, {@code /embed}: a bare list of vectors, and no tokens. */
final class TeiEmbeddings {
    private static final List<String> ITS_OWN =
            List.of("normalize", "truncate", "truncation_direction", "prompt_name", "dimensions");

    /** In one call, where the server was not told otherwise. */
    static final int MOST_TEXTS = 32;

    private TeiEmbeddings() {}

    static ObjectNode body(ObjectNode asked) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode inputs = body.putArray("inputs");
        inputs.addAll(Prompts.texts(asked.path("input"), "huggingface-text-generation-inference"));
        for (String member : ITS_OWN) {
            if (asked.hasNonNull(member)) {
                body.set(member, asked.path(member));
            }
        }
        return body;
    }

    static Reply.Whole reply(Query query, Attempt attempt, byte[] json) {
        return Vectors.reply(vectors(json), Usage.UNKNOWN, query, attempt.model());
    }

    private static JsonNode vectors(byte[] json) {
        JsonNode answer = JsonObjects.anyOfAnswer(json);
        if (answer.isArray()) {
            return answer;
        }
        throw JsonObjects.invalidAnswer("is not a list of embeddings");
    }
}
