package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.provider.chat.ChatQuery;
import io.mlflowgateway.server.provider.chat.ChatReader;
import io.mlflowgateway.server.provider.chat.Parameters;
import io.mlflowgateway.server.provider.chat.Turn;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Query;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes PaLM's requests: nothing goes but what {@link PalmParameters} has a place for. */
final class PalmRequest {
    private PalmRequest() {}

    static ObjectNode chat(Query query) {
        ChatQuery chat = ChatReader.read(query);
        Prompts.onlyPlain(chat, "palm");
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ObjectNode prompt = body.putObject("prompt");
        ArrayNode messages = prompt.putArray("messages");
        chat.conversation().forEach(turn -> message(messages.addObject(), turn));
        if (messages.isEmpty()) {
            throw Failure.of(Failure.Kind.UNPROCESSABLE, "messages must hold one that is not the system's");
        }
        String context = Stream.of(chat.parameters().text("context").orElse(""), chat.systemText())
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining("\n\n"));
        if (!context.isEmpty()) {
            prompt.put("context", context);
        }
        chat.parameters().value("examples").ifPresent(examples -> prompt.set("examples", examples));
        sampling(chat.parameters(), body);
        return body;
    }

    private static void message(ObjectNode json, Turn turn) {
        json.put("author", turn.role().name().toLowerCase(Locale.ROOT)).put("content", Prompts.plain(turn, "palm"));
    }

    static ObjectNode text(Query query) {
        ChatQuery chat = ChatReader.read(CompletionsOverChat.asChat(query));
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putObject("prompt").put("text", chat.conversation().get(0).text());
        chat.parameters().maxTokens().ifPresent(value -> body.put("maxOutputTokens", value));
        sampling(chat.parameters(), body);
        return body;
    }

    private static void sampling(Parameters asked, ObjectNode body) {
        asked.temperature(BigDecimal.ONE).ifPresent(value -> body.put("temperature", value));
        asked.number("top_p").ifPresent(value -> body.put("topP", value));
        asked.integer("top_k").ifPresent(value -> body.put("topK", value));
        asked.integer("n").ifPresent(value -> body.put("candidateCount", value));
        if (!asked.stops().isEmpty()) {
            asked.stops().forEach(body.putArray("stopSequences")::add);
        }
        asked.value("safetySettings").ifPresent(settings -> body.set("safetySettings", settings));
    }

    static ObjectNode embeddings(ObjectNode asked) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putArray("texts").addAll(Prompts.texts(asked.path("input"), "palm"));
        return body;
    }
}
