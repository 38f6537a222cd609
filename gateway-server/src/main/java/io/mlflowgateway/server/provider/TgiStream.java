package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.databind.JsonNode;
import io.mlflowgateway.server.provider.chat.ChatChunks;
import io.mlflowgateway.server.query.Piece;
import io.mlflowgateway.server.query.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads {@code /generate_stream}: a token with each event, and with the last of them the whole text. Tokens that steer the
 * model are no text.
 */
final class TgiStream implements ChunkReader {
    private final Attempt attempt;
    private final ChatChunks chunks;
    private Optional<Usage> usage = Optional.empty();
    private boolean over;

    TgiStream(Attempt attempt) {
        this.attempt = attempt;
        this.chunks = new ChatChunks("cmpl", attempt.model(), attempt.now().getEpochSecond());
    }

    @Override
    public List<Piece> read(SseEvent event) {
        JsonNode data = JsonObjects.ofEvent(event);
        if (data.has("error")) {
            throw Refusals.ofErrorMember(TgiGenerate.error(data), attempt.settings());
        }
        List<Piece> pieces = new ArrayList<>();
        JsonNode token = data.path("token");
        String text = token.path("text").asText("");
        if (!text.isEmpty() && !token.path("special").asBoolean(false)) {
            pieces.add(chunks.text(0, text));
        }
        if (data.path("generated_text").isTextual()) {
            over = true;
            JsonNode details = data.path("details");
            String reason = details.path("finish_reason").asText("");
            usage = Optional.of(details)
                    .filter(JsonNode::isObject)
                    .map(told -> new Usage(
                            UsageScan.count(told, "input_length"), UsageScan.count(told, "generated_tokens")));
            pieces.addAll(chunks.finish(0, TgiGenerate.finish(reason), reason));
        }
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
        return usage.map(chunks::usage).stream().toList();
    }
}
