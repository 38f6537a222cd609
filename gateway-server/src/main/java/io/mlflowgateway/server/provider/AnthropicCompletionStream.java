package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.databind.JsonNode;
import io.mlflowgateway.server.provider.chat.ChatChunks;
import io.mlflowgateway.server.query.Piece;
import java.util.ArrayList;
import java.util.List;

/** Reads the events of {@code /complete}: each holds the next text, the last one a reason to stop. It tells no tokens. */
final class AnthropicCompletionStream implements ChunkReader {
    private final Attempt attempt;
    private final ChatChunks chunks;

    AnthropicCompletionStream(Attempt attempt) {
        this.attempt = attempt;
        this.chunks = new ChatChunks("cmpl", attempt.model(), attempt.now().getEpochSecond());
    }

    @Override
    public List<Piece> read(SseEvent event) {
        JsonNode data = JsonObjects.ofEvent(event);
        String type = data.path("type").asText(event.name());
        if (type.equals("error")) {
            throw Refusals.ofErrorMember(data.path("error"), attempt.settings());
        }
        if (!type.equals("completion")) {
            return List.of();
        }
        chunks.called(data.path("id").asText(""), data.path("model").asText(""));
        List<Piece> pieces = new ArrayList<>();
        String text = data.path("completion").asText("");
        if (!text.isEmpty()) {
            pieces.add(chunks.text(0, text));
        }
        String reason = data.path("stop_reason").asText("");
        if (!reason.isEmpty()) {
            pieces.addAll(chunks.finish(0, AnthropicCompletion.finish(reason), reason));
        }
        return pieces.stream().map(CompletionsOverChat::asCompletion).toList();
    }

    @Override
    public boolean isOver() {
        return chunks.finished(1);
    }

    @Override
    public List<Piece> end() {
        if (!isOver()) {
            throw ChunkReader.cut();
        }
        return List.of();
    }
}
