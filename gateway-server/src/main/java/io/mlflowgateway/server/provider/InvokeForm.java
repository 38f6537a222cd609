package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.provider.chat.ChatAnswer;
import io.mlflowgateway.server.provider.chat.Finish;
import io.mlflowgateway.server.provider.parameter.ParameterTable;
import io.mlflowgateway.server.query.Query;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.query.Usage;

/** The form of InvokeModel's completions that the models of one maker have. Stateless. */
interface InvokeForm {
    /** What becomes of a caller's parameters with this model. */
    ParameterTable parameters(String model);

    /** The request's body: it names no model. */
    ObjectNode body(Query query, Attempt attempt);

    /** The answer as a completion. */
    Reply.Whole reply(UpstreamResponse.Whole response, Attempt attempt);

    /** Reads what the chunks of one stream hold as completions. */
    ChunkReader reader(Attempt attempt);

    /** What the chunk says of tokens that the stream's model does not. */
    static Usage metrics(JsonNode chunk) {
        JsonNode metrics = chunk.path("amazon-bedrock-invocationMetrics");
        return new Usage(UsageScan.count(metrics, "inputTokenCount"), UsageScan.count(metrics, "outputTokenCount"));
    }

    /** The tokens that stand in the answer's headers. */
    static Usage counted(UpstreamResponse.Whole response) {
        return new Usage(
                count(response, "x-amzn-bedrock-input-token-count"),
                count(response, "x-amzn-bedrock-output-token-count"));
    }

    private static long count(UpstreamResponse.Whole response, String header) {
        String told = response.header(header).orElse("0");
        return told.matches("[0-9]{1,12}") ? Long.parseLong(told) : 0;
    }

    /** A completion of one text. */
    static Reply.Whole reply(Attempt attempt, String text, Finish finish, String reason, Usage usage) {
        ChatAnswer chat = new ChatAnswer(
                ConverseAnswer.id(attempt), attempt.model(), attempt.now().getEpochSecond());
        chat.choice().text(text).finish(finish, reason);
        return CompletionsOverChat.asCompletion(chat.reply(usage));
    }
}
