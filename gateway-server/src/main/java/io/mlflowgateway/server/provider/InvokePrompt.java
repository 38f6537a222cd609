package io.mlflowgateway.server.provider;

import io.mlflowgateway.server.provider.chat.ChatQuery;
import io.mlflowgateway.server.provider.chat.ChatReader;
import io.mlflowgateway.server.provider.chat.Parameters;
import io.mlflowgateway.server.query.Query;

/**
 * What a completion asks of a model that gives one answer.
 *
 * @param asked beside the text
 */
record InvokePrompt(String text, Parameters asked) {
    static InvokePrompt of(Query query) {
        return of(query, "bedrock");
    }

    /** @param provider whom a refusal names */
    static InvokePrompt of(Query query, String provider) {
        ChatQuery chat = ChatReader.read(CompletionsOverChat.asChat(query));
        Prompts.onlyOneChoice(chat.parameters(), provider);
        return new InvokePrompt(chat.conversation().get(0).text(), chat.parameters());
    }
}
