package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.provider.chat.ChatAnswer;
import io.mlflowgateway.server.provider.chat.ChatQuery;
import io.mlflowgateway.server.provider.chat.ChatReader;
import io.mlflowgateway.server.provider.chat.Finish;
import io.mlflowgateway.server.provider.chat.Parameters;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Query;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.query.Usage;
import java.math.BigDecimal;

/** The API before Messages: {@code POST /complete} with a prompt between {@code Human:} and {@code Assistant:}. */
final class AnthropicCompletion {
    private static final String HUMAN = "\n\nHuman: ";
    private static final String ASSISTANT = "\n\nAssistant:";
    private static final int DEFAULT_TOKENS = 4_096;

    private AnthropicCompletion() {}

    /** The request, with the marks put about the prompt unless they are there. */
    static ObjectNode body(Query query, String model) {
        ChatQuery chat = ChatReader.read(CompletionsOverChat.asChat(query));
        Parameters asked = chat.parameters();
        Prompts.onlyOneChoice(asked, "anthropic");
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("model", model);
        body.put("prompt", prompt(chat.conversation().get(0).text()));
        body.put("max_tokens_to_sample", asked.maxTokens().orElse(DEFAULT_TOKENS));
        asked.temperature(BigDecimal.ONE).ifPresent(value -> body.put("temperature", value));
        asked.number("top_p").ifPresent(value -> body.put("top_p", value));
        if (!asked.stops().isEmpty()) {
            asked.stops().forEach(body.putArray("stop_sequences")::add);
        }
        if (query.streams()) {
            body.put("stream", true);
        }
        asked.addUnknown(body);
        return body;
    }

    private static String prompt(String text) {
        String begun = text;
        if (text.startsWith("Human: ")) {
            begun = "\n\n" + text;
        } else if (!text.startsWith(HUMAN)) {
            begun = HUMAN + text;
        }
        return begun.endsWith(ASSISTANT) ? begun : begun + ASSISTANT;
    }

    static Reply.Whole reply(byte[] json, Attempt attempt) {
        JsonNode answer = JsonObjects.ofAnswer(json);
        if (answer.path("type").asText("").equals("error")) {
            throw Refusals.ofErrorMember(answer.path("error"), attempt.settings());
        }
        if (!answer.path("completion").isTextual()) {
            throw Failure.of(Failure.Kind.UPSTREAM_INVALID, "the provider's answer has no 'completion' text");
        }
        ChatAnswer chat = new ChatAnswer(
                answer.path("id").asText("cmpl"),
                answer.path("model").asText(attempt.model()),
                attempt.now().getEpochSecond());
        String reason = answer.path("stop_reason").asText("");
        chat.choice().text(answer.path("completion").asText()).finish(finish(reason), reason);
        return CompletionsOverChat.asCompletion(chat.reply(Usage.UNKNOWN));
    }

    static Finish finish(String reason) {
        return switch (reason) {
            case "stop_sequence", "end_turn" -> Finish.STOP;
            case "max_tokens" -> Finish.LENGTH;
            default -> Finish.UNKNOWN;
        };
    }
}
