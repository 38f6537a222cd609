package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.databind.JsonNode;
import io.mlflowgateway.server.provider.chat.ChatAnswer;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.query.Usage;

/** Reads answers of the v1 API, which name no model, and older ones of which say neither why they ended nor their tokens. */
final class CohereV1Answer {
    /** What is no failure has ended well. */
    static final String COMPLETE = "COMPLETE";

    private CohereV1Answer() {}

    static Reply.Whole chat(byte[] json, Attempt attempt) {
        JsonNode answer = JsonObjects.ofAnswer(json);
        if (!answer.path("text").isTextual()) {
            throw JsonObjects.invalidAnswer("has no 'text'");
        }
        String reason = answer.path("finish_reason").asText(COMPLETE);
        ChatAnswer chat = answer(chatId(answer), attempt);
        chat.choice().text(answer.path("text").asText()).finish(CohereAnswer.finish(reason), reason);
        return chat.reply(usage(answer));
    }

    static Reply.Whole generations(byte[] json, Attempt attempt) {
        JsonNode answer = JsonObjects.ofAnswer(json);
        ChatAnswer chat = answer(answer.path("id").asText("cmpl"), attempt);
        for (JsonNode generation : answer.path("generations")) {
            if (!generation.path("text").isTextual()) {
                throw JsonObjects.invalidAnswer("has a generation without a 'text'");
            }
            String reason = generation.path("finish_reason").asText(COMPLETE);
            chat.choice().text(generation.path("text").asText()).finish(CohereAnswer.finish(reason), reason);
        }
        return CompletionsOverChat.asCompletion(chat.reply(usage(answer)));
    }

    private static ChatAnswer answer(String id, Attempt attempt) {
        return new ChatAnswer(id, attempt.model(), attempt.now().getEpochSecond());
    }

    /** Streams name the answer by its generation alone. */
    static String chatId(JsonNode answer) {
        return answer.path("generation_id").asText(answer.path("response_id").asText("chatcmpl"));
    }

    /** Of an answer, or of the end of a stream. */
    static Usage usage(JsonNode answer) {
        JsonNode meta = answer.path("meta");
        if (meta.hasNonNull("tokens") || meta.hasNonNull("billed_units")) {
            return CohereAnswer.usage(meta);
        }
        JsonNode old = answer.path("token_count");
        return old.isObject()
                ? new Usage(UsageScan.count(old, "prompt_tokens"), UsageScan.count(old, "response_tokens"))
                : Usage.UNKNOWN;
    }
}
