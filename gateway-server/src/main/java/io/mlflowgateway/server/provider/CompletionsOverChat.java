package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.json.BodyScanner;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Piece;
import io.mlflowgateway.server.query.Query;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.query.Task;
import java.util.List;
import reactor.core.publisher.Flux;

/** Completions of a provider that only chats: the prompt is what a user says, and the answer is the text. */
final class CompletionsOverChat {
    private CompletionsOverChat() {}

    /** The query as the provider is asked it: chat as it is, completions as a chat with one message. */
    static Query chat(Query query) {
        return query.task() == Task.COMPLETIONS ? asChat(query) : query;
    }

    /** The provider's answer in the form the caller asked for. */
    static Reply.Whole answered(Query query, Reply.Whole chat) {
        return query.task() == Task.COMPLETIONS ? asCompletion(chat) : chat;
    }

    /** The provider's chunks in the form the caller asked for. */
    static Flux<Piece> answered(Query query, Flux<Piece> chat) {
        return query.task() == Task.COMPLETIONS ? chat.map(CompletionsOverChat::asCompletion) : chat;
    }

    /** The same as a chat with one message. */
    static Query asChat(Query completion) {
        ObjectNode body = Prompts.tree(completion.body());
        String prompt = prompt(body.path("prompt"));
        body.remove("prompt");
        body.putArray("messages").addObject().put("role", "user").put("content", prompt);
        try {
            return new Query(
                    Task.CHAT,
                    BodyScanner.scan(Json.bytes(body)),
                    completion.streams(),
                    completion.usageShown(),
                    completion.temperatureRange());
        } catch (BodyScanner.Malformed e) {
            throw Failure.of(Failure.Kind.INVALID_REQUEST, "the body breaks a bound: " + e.getMessage());
        }
    }

    /** The one text that is to be completed. */
    static String prompt(JsonNode given) {
        List<JsonNode> prompts = Prompts.oneOrMore(given);
        if (prompts.size() != 1 || !prompts.get(0).isTextual()) {
            throw Failure.of(Failure.Kind.UNPROCESSABLE, "prompt must be one text for the provider of this route");
        }
        return prompts.get(0).asText();
    }

    static Reply.Whole asCompletion(Reply.Whole chat) {
        try {
            byte[] text = CompletionText.translate(chat.body().bytes());
            return new Reply.Whole(BodyScanner.scanAnswer(text), chat.usage(), chat.endsUnknown());
        } catch (JsonProcessingException | BodyScanner.Malformed e) {
            throw new IllegalStateException("an answer of our own cannot be read", e);
        }
    }

    static Piece asCompletion(Piece chat) {
        try {
            byte[] text = CompletionText.translate(chat.json());
            return new Piece(text, chat.usage(), chat.usageOnly(), chat.textBytes(), chat.endsUnknown());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a chunk of our own cannot be read", e);
        }
    }
}
