package io.mlflowgateway.langchain4j;

import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialToolCall;
import io.mlflowgateway.langchain4j.internal.ChatAnswer;
import io.mlflowgateway.langchain4j.internal.ChatEvent;

/**
 * Says what came over the wire in this module's events.
 *
 * @param route that was asked
 */
record OwnEvents(String route) implements ChatEvent.Kinds<MlflowGatewayChatEvent> {
    @Override
    public MlflowGatewayChatEvent text(String text) {
        return new MlflowGatewayChatEvent.Text(text);
    }

    @Override
    public MlflowGatewayChatEvent thinking(String text) {
        return new MlflowGatewayChatEvent.Thinking(text);
    }

    @Override
    public MlflowGatewayChatEvent part(PartialToolCall part) {
        return new MlflowGatewayChatEvent.ToolCallPart(part);
    }

    @Override
    public MlflowGatewayChatEvent call(CompleteToolCall call) {
        return new MlflowGatewayChatEvent.ToolCall(call);
    }

    @Override
    public MlflowGatewayChatEvent raw(String json) {
        return new MlflowGatewayChatEvent.Raw(json);
    }

    @Override
    public MlflowGatewayChatEvent complete(ChatAnswer answer) {
        return new MlflowGatewayChatEvent.Complete(Answers.chat(answer, route));
    }
}
