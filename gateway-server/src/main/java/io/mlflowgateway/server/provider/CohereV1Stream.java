package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.mlflowgateway.server.provider.chat.ChatChunks;
import io.mlflowgateway.server.query.Piece;
import io.mlflowgateway.server.query.Usage;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a stream of the v1 API, a line for each event, of chat or of generate. It is complete when {@code stream-end} came.
 */
final class CohereV1Stream implements ChunkReader {
    private final Attempt attempt;
    private final int choicesAsked;
    private final ChatChunks chunks;
    private JsonNode response = JsonNodeFactory.instance.objectNode();
    private boolean over;

    /** @param choicesAsked at least 1: the caller's {@code n} */
    CohereV1Stream(Attempt attempt, int choicesAsked) {
        this.attempt = attempt;
        this.choicesAsked = choicesAsked;
        this.chunks = new ChatChunks("chatcmpl", attempt.model(), attempt.now().getEpochSecond());
    }

    @Override
    public List<Piece> read(SseEvent event) {
        JsonNode data = JsonObjects.ofEvent(event);
        return switch (data.path("event_type").asText("")) {
            case "stream-start" -> {
                chunks.called(data.path("generation_id").asText(""), "");
                yield List.of();
            }
            case "text-generation" -> text(data);
            case "stream-end" -> ended(data);
            case "stream-error" ->
                throw Refusals.ofErrorMember(
                        JsonNodeFactory.instance
                                .objectNode()
                                .put("message", data.path("err").asText("")),
                        attempt.settings());
            default -> List.of();
        };
    }

    private List<Piece> text(JsonNode data) {
        String text = data.path("text").asText("");
        int choice = choice(data);
        return text.isEmpty() ? List.of() : List.of(chunks.text(choice, text));
    }

    private int choice(JsonNode data) {
        int choice = data.path("index").asInt(0);
        if (choice < 0 || choice >= choicesAsked) {
            throw ChunkReader.invalid("a generation nobody asked for");
        }
        return choice;
    }

    private List<Piece> ended(JsonNode data) {
        response = data.path("response");
        String reason = data.path("finish_reason").asText(CohereV1Answer.COMPLETE);
        List<Piece> pieces = new ArrayList<>();
        for (JsonNode generation : response.path("generations")) {
            String own = generation.path("finish_reason").asText(reason);
            pieces.addAll(chunks.finish(choice(generation), CohereAnswer.finish(own), own));
        }
        for (int choice = 0; choice < choicesAsked; choice++) {
            pieces.addAll(chunks.finish(choice, CohereAnswer.finish(reason), reason));
        }
        over = true;
        return pieces;
    }

    @Override
    public boolean isOver() {
        return over;
    }

    @Override
    public List<Piece> end() {
        if (!over) {
            throw ChunkReader.cut();
        }
        Usage usage = CohereV1Answer.usage(response);
        return usage.equals(Usage.UNKNOWN) ? List.of() : List.of(chunks.usage(usage));
    }
}
