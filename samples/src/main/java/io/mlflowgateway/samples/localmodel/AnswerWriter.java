package io.mlflowgateway.samples.localmodel;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.samples.localmodel.TextModel.End;
import java.util.UUID;

/** Writes one answer; id and time stay the same over all events of a stream. */
final class AnswerWriter {
    private final AnswerShape shape;
    private final String model;
    private final String id;
    private final long created = System.currentTimeMillis() / 1000;

    AnswerWriter(AnswerShape shape, String model) {
        this.shape = shape;
        this.model = model;
        this.id = shape.idPrefix + UUID.randomUUID();
    }

    ObjectNode whole(String text, End end, int promptTokens, int completionTokens) {
        ObjectNode answer = head(shape.wholeObject);
        ObjectNode choice = answer.putArray("choices").addObject().put("index", 0);
        shape.write(choice, shape.shown(text, true));
        choice.put("finish_reason", reason(end));
        putUsage(answer, promptTokens, completionTokens);
        return answer;
    }

    ObjectNode piece(String text, boolean first) {
        ObjectNode answer = head(shape.pieceObject);
        ObjectNode choice = answer.putArray("choices").addObject().put("index", 0);
        shape.writePiece(choice, shape.shown(text, first), first);
        choice.putNull("finish_reason");
        return answer;
    }

    ObjectNode last(End end) {
        ObjectNode answer = head(shape.pieceObject);
        ObjectNode choice = answer.putArray("choices").addObject().put("index", 0);
        shape.writePiece(choice, "", false);
        choice.put("finish_reason", reason(end));
        return answer;
    }

    ObjectNode usage(int promptTokens, int completionTokens) {
        ObjectNode answer = head(shape.pieceObject);
        answer.putArray("choices");
        putUsage(answer, promptTokens, completionTokens);
        return answer;
    }

    private ObjectNode head(String object) {
        return Exchange.JSON
                .createObjectNode()
                .put("id", id)
                .put("object", object)
                .put("created", created)
                .put("model", model);
    }

    private static void putUsage(ObjectNode answer, int promptTokens, int completionTokens) {
        answer.putObject("usage")
                .put("prompt_tokens", promptTokens)
                .put("completion_tokens", completionTokens)
                .put("total_tokens", promptTokens + completionTokens);
    }

    private static String reason(End end) {
        return end == End.LENGTH ? "length" : "stop";
    }
}
