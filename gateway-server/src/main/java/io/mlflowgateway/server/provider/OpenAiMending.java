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
import reactor.core.publisher.Flux;

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

    private OpenAiMending(Task task, Attempt attempt, boolean chunks) {
        this.task = task;
        this.attempt = attempt;
        this.object =
                task == Task.COMPLETIONS ? "text_completion" : chunks ? "chat.completion.chunk" : "chat.completion";
    }

    /**
     * A whole answer.
     *
     * @throws Failure where it ended with an error
     */
    static byte[] whole(byte[] json, Task task, Attempt attempt) {
        return new OpenAiMending(task, attempt, false).mended(json);
    }

    /** The events of a stream; one fails the stream where the answer ended with an error. */
    static Flux<SseEvent> stream(Flux<SseEvent> events, Task task, Attempt attempt) {
        return Flux.defer(() -> new OpenAiMending(task, attempt, true).each(events));
    }

    private Flux<SseEvent> each(Flux<SseEvent> events) {
        return events.map(event -> new SseEvent(event.name(), mended(event.data())));
    }

    private byte[] mended(byte[] json) {
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
