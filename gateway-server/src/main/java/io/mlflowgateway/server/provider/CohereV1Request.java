package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.provider.chat.ChatQuery;
import io.mlflowgateway.server.provider.chat.ChatReader;
import io.mlflowgateway.server.provider.chat.ResponseFormat;
import io.mlflowgateway.server.provider.chat.Turn;
import io.mlflowgateway.server.query.Query;
import java.math.BigDecimal;
import java.util.List;

/** Writes requests of the v1 API: chat by {@code message} and {@code chat_history}, completions by generate, embed. */
final class CohereV1Request {
    /** Chat is best below 1, as in v2. */
    private static final BigDecimal CHATS_HOTTEST = BigDecimal.ONE;

    /** The end of the range that generate documents. */
    private static final BigDecimal GENERATES_HOTTEST = BigDecimal.valueOf(5);

    private static final int MOST_GENERATIONS = 5;

    /** As refusals name it. */
    private static final String V1 = "cohere with cohere_api_version v1";

    private CohereV1Request() {}

    static ObjectNode chat(Query query, String model) {
        ChatQuery chat = ChatReader.read(query);
        Prompts.onlyOneChoice(chat.parameters(), "cohere");
        if (!chat.tools().isEmpty()) {
            throw Prompts.unsupported("tools need cohere_api_version v2");
        }
        List<Turn> turns = chat.conversation();
        if (turns.isEmpty() || turns.get(turns.size() - 1).role() != Turn.Role.USER) {
            throw Prompts.unsupported("the last message must be a user's for " + V1);
        }
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("model", model);
        body.put("stream", query.streams());
        body.put("message", Prompts.plain(turns.get(turns.size() - 1), V1));
        if (!chat.systemText().isEmpty()) {
            body.put("preamble", chat.systemText());
        }
        if (turns.size() > 1) {
            ArrayNode history = body.putArray("chat_history");
            turns.subList(0, turns.size() - 1).forEach(turn -> history(history.addObject(), turn));
        }
        format(chat.format(), body);
        CohereRequest.sampling(chat.parameters(), CHATS_HOTTEST, body);
        return body;
    }

    private static void history(ObjectNode json, Turn turn) {
        json.put("role", turn.role() == Turn.Role.ASSISTANT ? "CHATBOT" : "USER");
        json.put("message", Prompts.plain(turn, V1));
    }

    private static void format(ResponseFormat format, ObjectNode body) {
        if (format.kind() != ResponseFormat.Kind.TEXT) {
            ObjectNode json = body.putObject("response_format").put("type", "json_object");
            if (format.kind() == ResponseFormat.Kind.JSON_SCHEMA) {
                json.set("schema", format.schema());
            }
        }
    }

    static ObjectNode generate(Query query, String model) {
        ChatQuery chat = ChatReader.read(CompletionsOverChat.asChat(query));
        if (chat.parameters().choices() > MOST_GENERATIONS) {
            throw Prompts.unsupported("n may be " + MOST_GENERATIONS + " at most for cohere");
        }
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("model", model);
        body.put("stream", query.streams());
        body.put("prompt", chat.conversation().get(0).text());
        chat.parameters().integer("n").ifPresent(count -> body.put("num_generations", count));
        CohereRequest.sampling(chat.parameters(), GENERATES_HOTTEST, body);
        return body;
    }

    /** As v2's, without what v1 does not know: vectors come as floats, in their own length. */
    static ObjectNode embed(ObjectNode asked, String model, String inputType) {
        ObjectNode body = CohereEmbeddings.body(asked, model, inputType);
        body.remove(List.of("embedding_types", "output_dimension"));
        return body;
    }
}
