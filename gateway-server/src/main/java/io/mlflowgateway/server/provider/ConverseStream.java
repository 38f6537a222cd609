package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.provider.chat.ChatChunks;
import io.mlflowgateway.server.query.Piece;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the events of ConverseStream. It is complete when {@code metadata} came, which tells the tokens and stands behind
 * {@code messageStop}: the caller is told of the end no sooner.
 */
final class ConverseStream implements ChunkReader {
    /** Characters of thoughts that are kept for their signatures. */
    private static final long MOST_KEPT = 16L * 1024 * 1024;

    private final Attempt attempt;
    private final ChatChunks chunks;
    private final Map<Integer, Thought> thoughts = new HashMap<>();
    private JsonNode usage = JsonNodeFactory.instance.objectNode();
    private String reason = "";
    private long kept;
    private boolean over;

    private static final class Thought {
        private final StringBuilder text = new StringBuilder();
        private final StringBuilder signature = new StringBuilder();
        private final StringBuilder redacted = new StringBuilder();
    }

    ConverseStream(Attempt attempt) {
        this.attempt = attempt;
        this.chunks = new ChatChunks(
                ConverseAnswer.id(attempt), attempt.model(), attempt.now().getEpochSecond());
    }

    @Override
    public List<Piece> read(SseEvent event) {
        BedrockErrors.check(event, attempt);
        JsonNode data = JsonObjects.ofEvent(event);
        int index = data.path("contentBlockIndex").asInt();
        return switch (event.name()) {
            case "messageStart" -> List.of(chunks.role(0));
            case "contentBlockStart" -> started(index, data.at("/start/toolUse"));
            case "contentBlockDelta" -> delta(index, data.path("delta"));
            case "contentBlockStop" -> blockEnded(index);
            case "messageStop" -> {
                reason = data.path("stopReason").asText("");
                // Told now where it is a failure: nothing that comes can mend it.
                ConverseAnswer.finish(reason);
                yield List.of();
            }
            case "metadata" -> ended(data);
            // The API may add events at any time.
            default -> List.of();
        };
    }

    private List<Piece> started(int index, JsonNode use) {
        return use.isObject()
                ? List.of(chunks.toolCall(
                        0,
                        Integer.toString(index),
                        use.path("toolUseId").asText(""),
                        use.path("name").asText("")))
                : List.of();
    }

    private List<Piece> delta(int index, JsonNode delta) {
        String text = delta.path("text").asText("");
        if (!text.isEmpty()) {
            return List.of(chunks.text(0, text));
        }
        if (delta.has("toolUse")) {
            String more = delta.at("/toolUse/input").asText("");
            return chunks.arguments(0, Integer.toString(index), more).stream().toList();
        }
        return delta.has("reasoningContent") ? thought(index, delta.path("reasoningContent")) : List.of();
    }

    private List<Piece> thought(int index, JsonNode more) {
        String text = more.path("text").asText("");
        String signature = more.path("signature").asText("");
        String redacted = more.path("redactedContent").asText("");
        kept += text.length() + signature.length() + redacted.length() + 64;
        if (kept > MOST_KEPT) {
            throw ChunkReader.invalid("more thoughts than can be kept");
        }
        Thought thought = thoughts.computeIfAbsent(index, first -> new Thought());
        thought.text.append(text);
        thought.signature.append(signature);
        thought.redacted.append(redacted);
        return text.isEmpty() ? List.of() : List.of(chunks.reasoning(0, text));
    }

    /** A thought with its signature: the model wants it back as it is, beside the results of its tools. */
    private List<Piece> blockEnded(int index) {
        Optional<Thought> thought = Optional.ofNullable(thoughts.remove(index));
        return thought.map(ConverseStream::block).stream()
                .map(block -> chunks.extra(0, AnthropicTurns.THINKING_BLOCKS, block))
                .toList();
    }

    private static ArrayNode block(Thought thought) {
        ObjectNode block = thought.redacted.isEmpty()
                ? ConverseAnswer.thinking(thought.text.toString(), thought.signature.toString())
                : ConverseAnswer.redacted(thought.redacted.toString());
        return JsonNodeFactory.instance.arrayNode().add(block);
    }

    private List<Piece> ended(JsonNode metadata) {
        if (reason.isEmpty()) {
            throw ChunkReader.invalid("an end without a reason");
        }
        usage = metadata.path("usage");
        over = true;
        return new ArrayList<>(chunks.finish(0, ConverseAnswer.finish(reason), reason));
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
        return List.of(chunks.usage(ConverseAnswer.usage(usage)));
    }
}
