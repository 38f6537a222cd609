package io.mlflowgateway.server.provider;

import io.mlflowgateway.server.provider.chat.ChatQuery;
import io.mlflowgateway.server.provider.chat.ChatReader;
import io.mlflowgateway.server.provider.chat.Parameters;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Query;

/**
 * What a completion asks of a model that gives one answer.
 *
 * @param asked beside the text
 */
record InvokePrompt(String text, Parameters asked) {
    static InvokePrompt of(Query query) {
        ChatQuery chat = ChatReader.read(CompletionsOverChat.asChat(query));
        if (chat.parameters().choices() > 1) {
            throw Failure.of(Failure.Kind.UNPROCESSABLE, "n must be 1: bedrock gives one answer to a call");
        }
        return new InvokePrompt(chat.conversation().get(0).text(), chat.parameters());
    }
}
