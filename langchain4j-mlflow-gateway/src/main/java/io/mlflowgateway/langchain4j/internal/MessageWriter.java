package io.mlflowgateway.langchain4j.internal;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.CustomMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.UnsupportedFeatureException;
import java.util.Optional;

/** Messages in OpenAI's shape (API reference, "Create chat completion", {@code messages}). */
final class MessageWriter {

    private final Optional<String> thinkingField;

    MessageWriter(Optional<String> thinkingField) {
        this.thinkingField = thinkingField;
    }

    ObjectNode write(ChatMessage message) {
        if (message instanceof SystemMessage system) {
            return Json.object().put("role", "system").put("content", system.text());
        }
        if (message instanceof UserMessage user) {
            return user(user);
        }
        if (message instanceof AiMessage ai) {
            return assistant(ai);
        }
        if (message instanceof ToolExecutionResultMessage result) {
            return toolResult(result);
        }
        if (message instanceof CustomMessage custom) {
            return Json.object().setAll((ObjectNode) Json.tree(custom.attributes()));
        }
        throw new UnsupportedFeatureException("Messages of type " + message.type() + " are not supported");
    }

    private static ObjectNode user(UserMessage message) {
        ObjectNode node = Json.object().put("role", "user");
        if (message.hasSingleText()) {
            node.put("content", message.singleText());
        } else {
            ArrayNode parts = node.putArray("content");
            message.contents().forEach(content -> parts.add(ContentWriter.write(content)));
        }
        if (message.name() != null) {
            node.put("name", message.name());
        }
        return node;
    }

    private ObjectNode assistant(AiMessage message) {
        ObjectNode node = Json.object().put("role", "assistant");
        if (message.text() != null || !message.hasToolExecutionRequests()) {
            node.put("content", message.text() == null ? "" : message.text());
        }
        if (message.thinking() != null) {
            thinkingField.ifPresent(field -> node.put(field, message.thinking()));
        }
        if (message.hasToolExecutionRequests()) {
            ArrayNode calls = node.putArray("tool_calls");
            message.toolExecutionRequests().forEach(call -> calls.add(toolCall(call)));
        }
        return node;
    }

    private static ObjectNode toolCall(ToolExecutionRequest call) {
        String arguments = call.arguments();
        ObjectNode function = Json.object()
                .put("name", call.name())
                .put("arguments", arguments == null || arguments.isBlank() ? "{}" : arguments);
        ObjectNode node = Json.object();
        if (call.id() != null) {
            node.put("id", call.id());
        }
        return node.put("type", "function").set("function", function);
    }

    private static ObjectNode toolResult(ToolExecutionResultMessage message) {
        if (!message.hasSingleText()) {
            throw new UnsupportedFeatureException("Tool results with non-text content are not supported");
        }
        ObjectNode node = Json.object().put("role", "tool");
        if (message.id() != null) {
            node.put("tool_call_id", message.id());
        } else if (message.toolName() != null) {
            node.put("name", message.toolName());
        }
        return node.put("content", message.text());
    }
}
