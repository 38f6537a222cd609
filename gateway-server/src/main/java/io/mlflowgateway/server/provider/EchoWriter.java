package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.query.Piece;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.query.Usage;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;

/** Writes echo's text in OpenAI's form, whole or word by word. */
final class EchoWriter {
    private final boolean isChat;
    private final EchoText echo;
    private final String model;
    private final int choices;
    private final long created;

    EchoWriter(Task task, EchoText echo, String model, int choices, long created) {
        this.isChat = task == Task.CHAT;
        this.echo = echo;
        this.model = model;
        this.choices = choices;
        this.created = created;
    }

    ObjectNode whole() {
        ObjectNode answer = envelope(isChat ? "chat.completion" : "text_completion");
        ArrayNode all = answer.putArray("choices");
        for (int index = 0; index < choices; index++) {
            ObjectNode choice = all.addObject().put("index", index);
            if (isChat) {
                choice.putObject("message").put("role", "assistant").put("content", echo.text());
            } else {
                choice.put("text", echo.text());
            }
            choice.put("finish_reason", echo.finishReason());
        }
        answer.set("usage", usageJson());
        return answer;
    }

    /** One word per chunk, choice after choice, then the usage. */
    Flux<Piece> pieces() {
        return Flux.fromStream(() ->
                Stream.concat(IntStream.range(0, choices).boxed().flatMap(this::chunks), Stream.of(usagePiece())));
    }

    private Stream<Piece> chunks(int index) {
        Stream<ObjectNode> first = isChat ? Stream.of(roleChunk(index)) : Stream.empty();
        Stream<ObjectNode> words = echo.words().stream().map(word -> chunk(index, word));
        return Stream.concat(Stream.concat(first, words), Stream.of(lastChunk(index)))
                .map(chunk -> new Piece(Json.bytes(chunk), Optional.empty(), false));
    }

    private ObjectNode roleChunk(int index) {
        ObjectNode chunk = chunk(index, "");
        ((ObjectNode) chunk.path("choices").path(0).path("delta")).put("role", "assistant");
        return chunk;
    }

    private ObjectNode lastChunk(int index) {
        ObjectNode chunk = chunk(index, "");
        ObjectNode choice = (ObjectNode) chunk.path("choices").path(0);
        if (isChat) {
            choice.putObject("delta");
        }
        choice.put("finish_reason", echo.finishReason());
        return chunk;
    }

    private ObjectNode chunk(int index, String text) {
        ObjectNode chunk = envelope(isChat ? "chat.completion.chunk" : "text_completion");
        ObjectNode choice = chunk.putArray("choices").addObject().put("index", index);
        if (isChat) {
            choice.putObject("delta").put("content", text);
        } else {
            choice.put("text", text);
        }
        choice.putNull("finish_reason");
        return chunk;
    }

    private Piece usagePiece() {
        ObjectNode chunk = envelope(isChat ? "chat.completion.chunk" : "text_completion");
        chunk.putArray("choices");
        chunk.set("usage", usageJson());
        return new Piece(Json.bytes(chunk), Optional.of(usage()), true);
    }

    private Usage usage() {
        return new Usage(echo.promptWords(), (long) choices * echo.words().size());
    }

    private ObjectNode usageJson() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("prompt_tokens", usage().promptTokens())
                .put("completion_tokens", usage().completionTokens())
                .put("total_tokens", usage().totalTokens());
    }

    private ObjectNode envelope(String object) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", "echo-" + Integer.toHexString(echo.hashCode()))
                .put("object", object)
                .put("created", created)
                .put("model", model);
    }
}
