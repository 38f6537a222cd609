package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.provider.chat.ChatChunks;
import io.mlflowgateway.server.provider.chat.Finish;
import io.mlflowgateway.server.query.Piece;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads a stream of {@code GenerateContentResponse}s. No event says that it is over: it is complete when it ends and every
 * candidate that came has a reason to stop. Some models give one with each event, so it is told to the caller at the end.
 */
final class GeminiStream implements ChunkReader {
    private final Attempt attempt;
    private final int choicesAsked;
    private final ChatChunks chunks;
    private final Map<Integer, String> reasons = new TreeMap<>();
    private final Map<Integer, Integer> calls = new TreeMap<>();
    private JsonNode usage = JsonNodeFactory.instance.objectNode();
    private String id = "chatcmpl";
    private boolean begun;

    /** @param choicesAsked at least 1: the caller's {@code n} */
    GeminiStream(Attempt attempt, int choicesAsked) {
        this.attempt = attempt;
        this.choicesAsked = choicesAsked;
        this.chunks = new ChatChunks(id, attempt.model(), attempt.now().getEpochSecond());
    }

    @Override
    public List<Piece> read(SseEvent event) {
        JsonNode answer = JsonObjects.ofEvent(event);
        if (answer.has("error")) {
            throw Refusals.ofErrorMember(answer.path("error"), attempt.settings());
        }
        if (!begun) {
            begun = true;
            id = GeminiAnswer.id(answer, attempt);
            chunks.called(id, GeminiAnswer.model(answer, attempt));
        }
        if (answer.path("usageMetadata") instanceof ObjectNode told) {
            usage = told;
        }
        String blocked = GeminiAnswer.blocked(answer);
        if (!blocked.isEmpty()) {
            return chunks.finish(0, Finish.CONTENT_FILTER, blocked);
        }
        List<Piece> pieces = new ArrayList<>();
        answer.path("candidates").forEach(candidate -> candidate(candidate, pieces));
        if (!pieces.isEmpty() && !usage.isEmpty()) {
            int last = pieces.size() - 1;
            pieces.set(last, pieces.get(last).counting(GeminiAnswer.usage(usage)));
        }
        return pieces;
    }

    private void candidate(JsonNode candidate, List<Piece> pieces) {
        int choice = candidate.path("index").asInt(0);
        if (choice < 0 || choice >= choicesAsked) {
            throw ChunkReader.invalid("a candidate nobody asked for");
        }
        reasons.putIfAbsent(choice, "");
        for (JsonNode part : candidate.at("/content/parts")) {
            part(choice, part, pieces);
        }
        String reason = candidate.path("finishReason").asText("");
        if (!reason.isEmpty()) {
            reasons.put(choice, reason);
            // Told now where it is a failure: nothing that comes can mend it.
            GeminiAnswer.finish(reason, false);
        }
    }

    private void part(int choice, JsonNode part, List<Piece> pieces) {
        String text = part.path("text").asText("");
        if (part.has("functionCall")) {
            JsonNode call = part.path("functionCall");
            int number = calls.merge(choice, 1, Integer::sum) - 1;
            String key = Integer.toString(number);
            String callId = GeminiAnswer.callId(id, choice, number, part);
            pieces.add(chunks.toolCall(choice, key, callId, call.path("name").asText("")));
            chunks.arguments(choice, key, GeminiAnswer.arguments(call)).ifPresent(pieces::add);
        } else if (!text.isEmpty()) {
            pieces.add(
                    part.path("thought").asBoolean(false) ? chunks.reasoning(choice, text) : chunks.text(choice, text));
        }
    }

    @Override
    public boolean isOver() {
        return false;
    }

    @Override
    public List<Piece> end() {
        boolean wasBlocked = chunks.finished(1);
        if (!wasBlocked && (reasons.size() < choicesAsked || reasons.containsValue(""))) {
            throw ChunkReader.cut();
        }
        List<Piece> pieces = new ArrayList<>();
        reasons.forEach((choice, reason) ->
                pieces.addAll(chunks.finish(choice, GeminiAnswer.finish(reason, chunks.hasToolCalls(choice)), reason)));
        pieces.add(chunks.usage(GeminiAnswer.usage(usage)));
        return pieces;
    }
}
