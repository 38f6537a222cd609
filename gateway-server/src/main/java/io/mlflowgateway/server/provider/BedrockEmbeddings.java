package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.query.Query;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.query.Usage;
import java.util.List;

/** Vectors by InvokeModel: Titan's models take one text, Cohere's a list. */
final class BedrockEmbeddings {
    private static final int MOST_OF_COHERE = 96;

    private BedrockEmbeddings() {}

    /** How many texts the model takes at once. */
    static int mostTexts(String model) {
        return BedrockModels.isCohere(model) ? MOST_OF_COHERE : 1;
    }

    /** @param inputType what the texts are for, where the caller does not say: Cohere's models want to know */
    static ObjectNode body(ObjectNode asked, String model, String inputType) {
        List<JsonNode> texts = Prompts.texts(asked.path("input"), "bedrock");
        return BedrockModels.isCohere(model) ? ofCohere(asked, texts, inputType) : ofTitan(asked, texts.get(0), model);
    }

    private static ObjectNode ofTitan(ObjectNode asked, JsonNode text, String model) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().set("inputText", text);
        if (!BedrockModels.isFirstTitan(model)) {
            copy(asked, "dimensions", body, "dimensions");
            copy(asked, "normalize", body, "normalize");
        }
        return body;
    }

    private static ObjectNode ofCohere(ObjectNode asked, List<JsonNode> texts, String inputType) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putArray("texts").addAll(texts);
        body.put("input_type", asked.path("input_type").asText(inputType));
        body.putArray("embedding_types").add("float");
        copy(asked, "dimensions", body, "output_dimension");
        copy(asked, "truncate", body, "truncate");
        return body;
    }

    private static void copy(ObjectNode asked, String member, ObjectNode body, String as) {
        if (asked.hasNonNull(member)) {
            body.set(as, asked.path(member));
        }
    }

    static Reply.Whole reply(Query query, Attempt attempt, UpstreamResponse.Whole response) {
        JsonNode answer = JsonObjects.ofAnswer(response.body());
        Usage usage = answer.has("inputTextTokenCount")
                ? new Usage(UsageScan.count(answer, "inputTextTokenCount"), 0)
                : new Usage(InvokeForm.counted(response).input(), 0);
        return Vectors.reply(vectors(answer), usage, query, attempt.model());
    }

    private static JsonNode vectors(JsonNode answer) {
        if (answer.has("embedding")) {
            return JsonNodeFactory.instance.arrayNode().add(answer.path("embedding"));
        }
        // By type, or of the only type there was before there were several.
        JsonNode embeddings = answer.path("embeddings");
        return embeddings.isArray() ? embeddings : embeddings.path("float");
    }
}
