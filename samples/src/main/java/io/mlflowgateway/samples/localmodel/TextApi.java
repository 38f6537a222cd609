package io.mlflowgateway.samples.localmodel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.samples.localmodel.TextModel.Continuation;
import io.mlflowgateway.samples.localmodel.TextModel.End;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** {@code POST /v1/completions} and {@code /v1/chat/completions}, whole or streamed. Shapes: OpenAI API reference. */
final class TextApi {
    private static final int USUAL_TOKENS = 64;
    private static final int MOST_TOKENS = 1024;

    private final TextModel model;

    TextApi(TextModel model) {
        this.model = model;
    }

    void completions(Exchange exchange) throws IOException {
        JsonNode body = read(exchange);
        List<String> prompts = Fields.texts(body, "prompt");
        if (prompts.size() != 1) {
            throw Refusal.invalid("'prompt' is one text");
        }
        answer(exchange, body, AnswerShape.COMPLETION, continuation(body, prompts.get(0), List.of()));
    }

    void chat(Exchange exchange) throws IOException {
        JsonNode body = read(exchange);
        String prompt = QaPrompt.of(Fields.messages(body));
        answer(exchange, body, AnswerShape.CHAT, continuation(body, prompt, QaPrompt.STOPS));
    }

    private JsonNode read(Exchange exchange) throws IOException {
        exchange.expect("POST");
        JsonNode body = exchange.body();
        Fields.requireModel(body, model.name());
        if (body.path("n").asInt(1) != 1) {
            throw Refusal.invalid("'n' is 1: this model gives one answer");
        }
        return body;
    }

    private Continuation continuation(JsonNode body, String prompt, List<String> alwaysStops) {
        List<String> stops = new ArrayList<>(alwaysStops);
        stops.addAll(Fields.texts(body, "stop"));
        String limit = body.has("max_completion_tokens") ? "max_completion_tokens" : "max_tokens";
        int maxTokens = (int) Fields.number(body, limit, USUAL_TOKENS, 1, MOST_TOKENS);
        // Greedy unless asked otherwise: a model this small wanders, and a sample should do the same twice.
        double temperature = Fields.number(body, "temperature", 0, 0, 2);
        return new Continuation(prompt, maxTokens, temperature, Fields.number(body, "top_p", 1, 0, 1), stops);
    }

    private void answer(Exchange exchange, JsonNode body, AnswerShape shape, Continuation asked) throws IOException {
        int promptTokens = model.countTokens(asked.prompt());
        if (promptTokens + asked.maxTokens() > model.contextTokens()) {
            throw new Refusal(
                    400,
                    "context_length_exceeded",
                    "prompt and answer have " + (promptTokens + asked.maxTokens()) + " tokens, the model reads "
                            + model.contextTokens());
        }
        AnswerWriter writer = new AnswerWriter(shape, model.name());
        if (body.path("stream").asBoolean(false)) {
            boolean withUsage =
                    body.path("stream_options").path("include_usage").asBoolean(false);
            stream(exchange, writer, asked, promptTokens, withUsage);
        } else {
            exchange.answer(200, whole(writer, asked, promptTokens));
        }
    }

    private ObjectNode whole(AnswerWriter writer, Continuation asked, int promptTokens) {
        StringBuilder text = new StringBuilder();
        AtomicInteger tokens = new AtomicInteger();
        End end = model.generate(asked, piece -> {
            tokens.incrementAndGet();
            text.append(piece);
            return true;
        });
        return writer.whole(text.toString(), end, promptTokens, tokens.get());
    }

    /** A caller who leaves makes the next write fail, and that ends the generation. */
    private void stream(Exchange exchange, AnswerWriter writer, Continuation asked, int promptTokens, boolean withUsage)
            throws IOException {
        exchange.beginEvents();
        AtomicInteger tokens = new AtomicInteger();
        End end = model.generate(asked, piece -> {
            try {
                exchange.event(
                        writer.piece(piece, tokens.incrementAndGet() == 1).toString());
                return true;
            } catch (IOException left) {
                return false;
            }
        });
        if (end == End.LEFT) {
            throw new UncheckedIOException(new IOException("the caller left"));
        }
        exchange.event(writer.last(end).toString());
        if (withUsage) {
            exchange.event(writer.usage(promptTokens, tokens.get()).toString());
        }
        exchange.event("[DONE]");
    }
}
