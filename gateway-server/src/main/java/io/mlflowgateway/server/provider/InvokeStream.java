package io.mlflowgateway.server.provider;

import io.mlflowgateway.server.query.Piece;
import java.util.Base64;
import java.util.List;

/** Takes the events of a model's own stream out of those that Bedrock sends: each holds one, as base64. */
final class InvokeStream implements ChunkReader {
    private final Attempt attempt;
    private final ChunkReader inner;

    InvokeStream(Attempt attempt, ChunkReader inner) {
        this.attempt = attempt;
        this.inner = inner;
    }

    @Override
    public List<Piece> read(SseEvent event) {
        BedrockErrors.check(event, attempt);
        if (!event.name().equals("chunk")) {
            return List.of();
        }
        String base64 = JsonObjects.ofEvent(event).path("bytes").asText("");
        try {
            return inner.read(new SseEvent("", Base64.getDecoder().decode(base64)));
        } catch (IllegalArgumentException e) {
            throw ChunkReader.invalid("a chunk that is not base64");
        }
    }

    @Override
    public boolean isOver() {
        return inner.isOver();
    }

    @Override
    public List<Piece> end() {
        return inner.end();
    }
}
