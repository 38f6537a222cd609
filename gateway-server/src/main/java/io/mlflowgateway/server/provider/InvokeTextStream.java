package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.databind.JsonNode;
import io.mlflowgateway.server.provider.chat.ChatChunks;
import io.mlflowgateway.server.provider.chat.Finish;
import io.mlflowgateway.server.query.Piece;
import io.mlflowgateway.server.query.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Reads chunks that each hold the next text, the last of them a reason to stop and what Bedrock counted. */
final class InvokeTextStream implements ChunkReader {
    private final String textMember;
    private final String reasonMember;
    private final Function<String, Finish> finish;
    private final ChatChunks chunks;
    private Usage usage = Usage.UNKNOWN;

    /** @param finish throws for a reason that is no end of an answer */
    InvokeTextStream(Attempt attempt, String textMember, String reasonMember, Function<String, Finish> finish) {
        this.textMember = textMember;
        this.reasonMember = reasonMember;
        this.finish = finish;
        this.chunks = new ChatChunks(
                ConverseAnswer.id(attempt), attempt.model(), attempt.now().getEpochSecond());
    }

    @Override
    public List<Piece> read(SseEvent event) {
        JsonNode data = JsonObjects.ofEvent(event);
        List<Piece> pieces = new ArrayList<>();
        String text = data.path(textMember).asText("");
        if (!text.isEmpty()) {
            pieces.add(chunks.text(0, text));
        }
        String reason = data.path(reasonMember).asText("");
        if (!reason.isEmpty() && !data.path(reasonMember).isNull()) {
            usage = InvokeForm.metrics(data);
            pieces.addAll(chunks.finish(0, finish.apply(reason), reason));
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
        return List.of(CompletionsOverChat.asCompletion(chunks.usage(usage)));
    }
}
