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
 * Reads the events of one message. It is complete when {@code message_stop} came. Usage is told at the start and again,
 * summed up, before the end: the later word counts, member by member.
 */
final class AnthropicStream implements ChunkReader {
    /** Characters of thoughts that are kept for their signatures. */
    private static final long MOST_KEPT = 16L * 1024 * 1024;

    private final Attempt attempt;
    private final ChatChunks chunks;
    private final ObjectNode usage = JsonNodeFactory.instance.objectNode();
    private final Map<Integer, Thought> thoughts = new HashMap<>();
    private long kept;
    private boolean over;

    private record Thought(ObjectNode block, StringBuilder text) {}

    AnthropicStream(Attempt attempt) {
        this.attempt = attempt;
        this.chunks = new ChatChunks("chatcmpl", attempt.model(), attempt.now().getEpochSecond());
    }

    @Override
    public List<Piece> read(SseEvent event) {
        JsonNode data = JsonObjects.ofEvent(event);
        return switch (data.path("type").asText(event.name())) {
            case "message_start" -> started(data.path("message"));
            case "content_block_start" -> blockStarted(data.path("index").asInt(), data.path("content_block"));
            case "content_block_delta" -> delta(data.path("index").asInt(), data.path("delta"));
            case "content_block_stop" -> blockEnded(data.path("index").asInt());
            case "message_delta" -> ended(data);
            case "message_stop" -> {
                over = true;
                yield List.of();
            }
            case "error" -> throw Refusals.ofErrorMember(data.path("error"), attempt.settings());
            // The API may add events at any time; its own clients pass over what they do not know, too.
            default -> List.of();
        };
    }

    private List<Piece> started(JsonNode message) {
        chunks.called(message.path("id").asText(""), message.path("model").asText(""));
        count(message.path("usage"));
        return List.of(chunks.role(0).counting(AnthropicAnswer.usage(usage)));
    }

    private void count(JsonNode told) {
        for (Map.Entry<String, JsonNode> member : told.properties()) {
            if (member.getValue().isNumber() || member.getKey().equals(AnthropicAnswer.CACHE_CREATION)) {
                usage.set(member.getKey(), member.getValue());
            }
        }
    }

    private List<Piece> blockStarted(int index, JsonNode block) {
        return switch (block.path("type").asText("")) {
            case "text" -> text(block.path("text").asText(""));
            case "tool_use" ->
                List.of(chunks.toolCall(
                        0,
                        Integer.toString(index),
                        block.path("id").asText(""),
                        block.path("name").asText("")));
            case "thinking", "redacted_thinking" -> {
                String text = block.path("thinking").asText("");
                keep(text.length() + block.path("data").asText("").length());
                thoughts.put(index, new Thought(block.deepCopy(), new StringBuilder(text)));
                yield reasoning(text);
            }
            default -> List.of();
        };
    }

    private List<Piece> text(String text) {
        return text.isEmpty() ? List.of() : List.of(chunks.text(0, text));
    }

    private List<Piece> reasoning(String text) {
        return text.isEmpty() ? List.of() : List.of(chunks.reasoning(0, text));
    }

    private List<Piece> delta(int index, JsonNode delta) {
        return switch (delta.path("type").asText("")) {
            case "text_delta" -> text(delta.path("text").asText(""));
            case "input_json_delta" ->
                chunks
                        .arguments(
                                0,
                                Integer.toString(index),
                                delta.path("partial_json").asText(""))
                        .stream()
                        .toList();
            case "thinking_delta" -> thought(index, delta.path("thinking").asText(""));
            case "signature_delta" -> {
                Optional.ofNullable(thoughts.get(index))
                        .ifPresent(thought -> thought.block().set("signature", delta.path("signature")));
                yield List.of();
            }
            default -> List.of();
        };
    }

    private void keep(long chars) {
        kept += chars + 64;
        if (kept > MOST_KEPT) {
            throw ChunkReader.invalid("more thoughts than can be kept");
        }
    }

    private List<Piece> thought(int index, String more) {
        keep(more.length());
        Optional.ofNullable(thoughts.get(index))
                .ifPresent(thought -> thought.text().append(more));
        return reasoning(more);
    }

    /** A thought with its signature: the model wants it back as it is, beside the results of its tools. */
    private List<Piece> blockEnded(int index) {
        Thought thought = thoughts.remove(index);
        if (thought == null) {
            return List.of();
        }
        ObjectNode block = thought.block();
        if (block.has("thinking")) {
            block.put("thinking", thought.text().toString());
        }
        ArrayNode blocks = JsonNodeFactory.instance.arrayNode().add(block);
        return List.of(chunks.extra(0, AnthropicTurns.THINKING_BLOCKS, blocks));
    }

    private List<Piece> ended(JsonNode data) {
        count(data.path("usage"));
        String reason = data.at("/delta/stop_reason").asText("");
        List<Piece> pieces = new ArrayList<>();
        if (reason.equals("refusal")) {
            pieces.add(chunks.refusal(
                    0, data.at("/delta/stop_details/explanation").asText("the model refused to answer")));
        }
        if (!reason.isEmpty()) {
            pieces.addAll(chunks.finish(0, AnthropicAnswer.finish(reason), reason));
        }
        return pieces;
    }

    @Override
    public boolean isOver() {
        return over;
    }

    @Override
    public List<Piece> end() {
        if (!over || !chunks.finished(1)) {
            throw ChunkReader.cut();
        }
        return List.of(chunks.usage(AnthropicAnswer.usage(usage)));
    }
}
