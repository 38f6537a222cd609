package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.json.BodyScanner.Malformed;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.query.Piece;
import io.mlflowgateway.server.query.Task;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Reads one OpenAI stream. It is complete when {@code [DONE]} came, or when it ended and every choice that was asked for
 * had a finish reason (some servers leave the word out); any other end is a failure. What comes after {@code [DONE]} is
 * not looked at.
 */
final class OpenAiStream {
    private static final String DONE = "[DONE]";

    private final Task task;
    private final Settings settings;
    private final int choicesAsked;
    private final Optional<OpenAiMending> mending;
    private final OpenChoices choices = new OpenChoices();
    private boolean done;

    private OpenAiStream(Task task, Settings settings, int choicesAsked, Optional<OpenAiMending> mending) {
        this.task = task;
        this.settings = settings;
        this.choicesAsked = choicesAsked;
        this.mending = mending;
    }

    /** @param choicesAsked at least 1: the caller's {@code n} */
    static Flux<Piece> read(Flux<SseEvent> events, Task task, Settings settings, int choicesAsked) {
        return Flux.defer(() -> new OpenAiStream(task, settings, choicesAsked, Optional.empty()).pieces(events));
    }

    /** The same of a stream whose chunks are nearly OpenAI's: they are mended first. */
    static Flux<Piece> readMended(Flux<SseEvent> events, Task task, Attempt attempt, int choicesAsked) {
        return Flux.defer(() -> mending(task, attempt, choicesAsked).pieces(events));
    }

    private static OpenAiStream mending(Task task, Attempt attempt, int choicesAsked) {
        Optional<OpenAiMending> mending = Optional.of(OpenAiMending.ofStream(task, attempt));
        return new OpenAiStream(task, attempt.settings(), choicesAsked, mending);
    }

    private Flux<Piece> pieces(Flux<SseEvent> events) {
        return events.takeUntil(this::isDone)
                .<Piece>handle((event, sink) -> piece(event).ifPresent(sink::next))
                .concatWith(Mono.defer(this::end));
    }

    private boolean isDone(SseEvent event) {
        done = event.data().length == DONE.length() && text(event).equals(DONE);
        return done;
    }

    private Mono<Piece> end() {
        return done || choices.finished(choicesAsked) ? Mono.empty() : Mono.error(ChunkReader.cut());
    }

    private Optional<Piece> piece(SseEvent event) {
        if (event.name().equals("error")) {
            throw Refusals.ofErrorMember(errorIn(event), settings);
        }
        if (done || event.data().length == 0) {
            return Optional.empty();
        }
        return Optional.of(chunk(mending.isEmpty() ? event : mended(event, mending.get())));
    }

    private static SseEvent mended(SseEvent event, OpenAiMending mending) {
        return new SseEvent(event.name(), mending.mended(event.data()));
    }

    private Piece chunk(SseEvent event) {
        ChunkScan chunk = scan(event);
        if (chunk.isError()) {
            throw Refusals.ofErrorMember(errorIn(event), settings);
        }
        if (!chunk.hasChoices() && chunk.usage().isEmpty()) {
            throw ChunkReader.invalid("an event that is no chunk of an answer");
        }
        boolean usageOnly = chunk.withoutChoices() && chunk.usage().isPresent();
        boolean endsUnknown = mending.isPresent() && mending.get().endsUnknown();
        return new Piece(json(event, chunk), chunk.usage(), usageOnly, chunk.textBytes(), endsUnknown);
    }

    private ChunkScan scan(SseEvent event) {
        try {
            return ChunkScan.of(event.data(), choices);
        } catch (Malformed e) {
            throw ChunkReader.invalid("an event that is not a JSON object");
        }
    }

    private byte[] json(SseEvent event, ChunkScan chunk) {
        if (task != Task.COMPLETIONS || chunk.everyChoiceHasText()) {
            return chunk.hasLineFeeds() ? onOneLine(event.data()) : event.data();
        }
        try {
            return CompletionText.translate(event.data());
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw ChunkReader.invalid("a chunk without text");
        }
    }

    /** A line feed between two tokens is white space, and inside a string there is none: a space says the same. */
    private static byte[] onOneLine(byte[] json) {
        byte[] line = json.clone();
        for (int i = 0; i < line.length; i++) {
            if (line[i] == '\n') {
                line[i] = ' ';
            }
        }
        return line;
    }

    private static JsonNode errorIn(SseEvent event) {
        try {
            JsonNode document = Json.tree(event.data());
            JsonNode error = document == null ? MissingNode.getInstance() : document.path("error");
            if (error.isTextual() && document.path("error_type").isTextual()) {
                return typed(error, document.path("error_type"));
            }
            return error.isMissingNode() && document != null ? document : error;
        } catch (JsonProcessingException e) {
            return TextNode.valueOf(text(event));
        }
    }

    /** Text Generation Inference writes both beside each other, where OpenAI has an object. */
    private static JsonNode typed(JsonNode message, JsonNode type) {
        ObjectNode error = JsonNodeFactory.instance.objectNode();
        error.set("message", message);
        return error.set("type", type);
    }

    private static String text(SseEvent event) {
        return new String(event.data(), StandardCharsets.UTF_8);
    }
}
