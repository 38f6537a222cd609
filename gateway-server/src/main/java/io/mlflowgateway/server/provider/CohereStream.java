package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.mlflowgateway.server.provider.chat.ChatChunks;
import io.mlflowgateway.server.query.Piece;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads a v2 chat stream. It is complete when {@code message-end} came. */
final class CohereStream implements ChunkReader {
    private final Attempt attempt;
    private final ChatChunks chunks;
    private JsonNode usage = JsonNodeFactory.instance.objectNode();
    private boolean over;

    CohereStream(Attempt attempt) {
        this.attempt = attempt;
        this.chunks = new ChatChunks("chatcmpl", attempt.model(), attempt.now().getEpochSecond());
    }

    @Override
    public List<Piece> read(SseEvent event) {
        if (new String(event.data(), StandardCharsets.UTF_8).equals("[DONE]")) {
            return List.of();
        }
        JsonNode data = JsonObjects.ofEvent(event);
        JsonNode message = data.at("/delta/message");
        String key = data.path("index").asText("0");
        return switch (data.path("type").asText(event.name())) {
            case "message-start" -> {
                chunks.called(data.path("id").asText(""), "");
                yield List.of(chunks.role(0));
            }
            case "content-start", "content-delta" -> content(message.path("content"));
            case "tool-plan-delta" -> reasoning(message.path("tool_plan").asText(""));
            case "tool-call-start" -> call(key, message.path("tool_calls"));
            case "tool-call-delta" -> arguments(key, message.at("/tool_calls/function/arguments"));
            case "message-end" -> ended(data.path("delta"));
            default -> List.of();
        };
    }

    private List<Piece> content(JsonNode content) {
        String text = content.path("text").asText("");
        List<Piece> pieces = new ArrayList<>(reasoning(content.path("thinking").asText("")));
        if (!text.isEmpty()) {
            pieces.add(chunks.text(0, text));
        }
        return pieces;
    }

    private List<Piece> reasoning(String text) {
        return text.isEmpty() ? List.of() : List.of(chunks.reasoning(0, text));
    }

    private List<Piece> call(String key, JsonNode call) {
        JsonNode function = call.path("function");
        List<Piece> pieces = new ArrayList<>();
        pieces.add(chunks.toolCall(
                0, key, call.path("id").asText(""), function.path("name").asText("")));
        pieces.addAll(arguments(key, function.path("arguments")));
        return pieces;
    }

    private List<Piece> arguments(String key, JsonNode more) {
        return chunks.arguments(0, key, more.asText("")).stream().toList();
    }

    private List<Piece> ended(JsonNode delta) {
        String error = delta.path("error").asText("");
        if (!error.isEmpty()) {
            throw Refusals.ofErrorMember(
                    JsonNodeFactory.instance.objectNode().put("message", error), attempt.settings());
        }
        usage = delta.path("usage");
        String reason = delta.path("finish_reason").asText("");
        if (reason.isEmpty()) {
            throw ChunkReader.invalid("an end without a reason");
        }
        over = true;
        return chunks.finish(0, CohereAnswer.finish(reason), reason);
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
        return List.of(chunks.usage(CohereAnswer.usage(usage)));
    }
}
