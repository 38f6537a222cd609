package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.mlflowgateway.server.provider.chat.ChatAnswer;
import io.mlflowgateway.server.provider.chat.Finish;
import io.mlflowgateway.server.query.Query;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.query.Usage;

/** Reads PaLM's answers, which tell neither tokens nor why they ended. */
final class PalmAnswer {
    private PalmAnswer() {}

    /** @param member of a candidate: where its text stands */
    static Reply.Whole candidates(byte[] json, Attempt attempt, String member) {
        JsonNode answer = answer(json, attempt);
        ChatAnswer chat =
                new ChatAnswer("chatcmpl", attempt.model(), attempt.now().getEpochSecond());
        for (JsonNode candidate : answer.path("candidates")) {
            if (!candidate.path(member).isTextual()) {
                throw JsonObjects.invalidAnswer("has a candidate without '" + member + "'");
            }
            chat.choice().text(candidate.path(member).asText()).finish(Finish.STOP, "");
        }
        String filtered = answer.at("/filters/0/reason").asText("");
        if (answer.path("candidates").isEmpty() && !filtered.isEmpty()) {
            chat.choice().finish(Finish.CONTENT_FILTER, filtered);
        }
        return chat.reply(Usage.UNKNOWN);
    }

    static Reply.Whole embeddings(Query query, Attempt attempt, byte[] json) {
        ArrayNode vectors = JsonNodeFactory.instance.arrayNode();
        answer(json, attempt).path("embeddings").forEach(embedding -> vectors.add(embedding.path("value")));
        return Vectors.reply(vectors, Usage.UNKNOWN, query, attempt.model());
    }

    private static JsonNode answer(byte[] json, Attempt attempt) {
        JsonNode answer = JsonObjects.ofAnswer(json);
        if (answer.has("error")) {
            throw Refusals.ofErrorMember(answer.path("error"), attempt.settings());
        }
        return answer;
    }
}
