package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.json.BodyScanner.Malformed;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Task;
import java.util.BitSet;
import java.util.List;

/**
 * Brings answers that are nearly OpenAI's into its form; those that are in it already stay the bytes they are. Mended are
 * contents that are lists (their thinking becomes {@code reasoning_content}), {@code reasoning}, arguments that are no
 * text, reasons for the end in other words or told twice, and {@code id}, {@code object}, {@code created} and
 * {@code model} that are missing or change within a stream. Of one answer; not thread-safe.
 */
final class OpenAiMending {
    private final Task task;
    private final Attempt attempt;
    private final String object;
    private final BitSet finished = new BitSet();
    private String id = "";
    private boolean endsUnknown;

    private OpenAiMending(Task task, Attempt attempt, boolean chunks) {
        this.task = task;
        this.attempt = attempt;
        this.object =
                task == Task.COMPLETIONS ? "text_completion" : chunks ? "chat.completion.chunk" : "chat.completion";
    }

    /** Mends one whole answer. */
    static OpenAiMending ofWhole(Task task, Attempt attempt) {
        return new OpenAiMending(task, attempt, false);
    }

    /** Mends the chunks of one stream, in their order. */
    static OpenAiMending ofStream(Task task, Attempt attempt) {
        return new OpenAiMending(task, attempt, true);
    }

    /** Whether a choice of the document mended last ended for a reason that nobody knows. */
    boolean endsUnknown() {
        return endsUnknown;
    }

    /**
     * The document in OpenAI's form: the same bytes where it is in it, or is no answer.
     *
     * @throws Failure where it ended with an error
     */
    byte[] mended(byte[] json) {
        endsUnknown = false;
        try {
            OddityScan scan = OddityScan.of(json, object, finished);
            if (!scan.isAnswer()) {
                return json;
            }
            if (id.isEmpty()) {
                id = scan.id().isEmpty() ? madeUp() : scan.id();
            }
            byte[] mended = scan.isOdd() || !scan.id().equals(id) ? mended((ObjectNode) Json.tree(json)) : json;
            finished.or(scan.ending());
            return mended;
        } catch (Malformed | JsonProcessingException e) {
            // Not an answer; whoever reads it next says what it is.
            return json;
        }
    }

    private String madeUp() {
        return "answer-" + Long.toHexString(attempt.now().toEpochMilli());
    }

    private byte[] mended(ObjectNode answer) {
        answer.put("id", id);
        if (!answer.path("object").asText().startsWith("chat.completion") || task == Task.CHAT) {
            answer.put("object", object);
        }
        if (!answer.path("created").isNumber()) {
            answer.put("created", attempt.now().getEpochSecond());
        }
        if (answer.path("model").asText("").isEmpty()) {
            answer.put("model", attempt.model());
        }
        JsonNode end = answer.remove("finish_reason");
        int position = 0;
        for (JsonNode choice : answer.path("choices")) {
            if (end != null && !choice.hasNonNull("finish_reason")) {
                ((ObjectNode) choice).set("finish_reason", end);
            }
            mendChoice((ObjectNode) choice, position++);
        }
        return Json.bytes(answer);
    }

    private void mendChoice(ObjectNode choice, int position) {
        if (!choice.path("index").isIntegralNumber()) {
            choice.put("index", position);
        }
        String reason = choice.path("finish_reason").asText("");
        if (FinishReasons.isError(reason)) {
            throw Failure.of(Failure.Kind.UPSTREAM_INVALID, "the provider ended its answer with an error");
        }
        if (!FinishReasons.isOpenAis(reason)) {
            endsUnknown |= !FinishReasons.isKnown(reason);
            choice.put("finish_reason", FinishReasons.openAis(reason)).put("native_finish_reason", reason);
        }
        if (finished.get(choice.path("index").asInt())) {
            choice.putNull("finish_reason");
        }
        for (String member : List.of("message", "delta")) {
            if (choice.path(member).isObject()) {
                MessageMending.mend((ObjectNode) choice.path(member));
            }
        }
    }
}
