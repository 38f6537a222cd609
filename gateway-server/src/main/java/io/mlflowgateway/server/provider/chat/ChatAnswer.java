package io.mlflowgateway.server.provider.chat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.json.BodyScanner;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.query.Usage;

/** Builds OpenAI's whole answer. For one thread and one answer. */
public final class ChatAnswer {
    private final ObjectNode answer = JsonNodeFactory.instance.objectNode();
    private final ArrayNode choices;
    private boolean endsUnknown;

    /** @param created in seconds since 1970 */
    public ChatAnswer(String id, String model, long created) {
        answer.put("id", id).put("object", "chat.completion").put("created", created);
        answer.put("model", model);
        this.choices = answer.putArray("choices");
    }

    /** The next choice, to be filled before another is asked for. */
    public Choice choice() {
        return new Choice(choices.addObject().put("index", choices.size() - 1));
    }

    /** The answer; one without a choice is none. */
    public Reply.Whole reply(Usage usage) {
        if (choices.isEmpty()) {
            throw Failure.of(Failure.Kind.UPSTREAM_INVALID, "the provider's answer holds no choice");
        }
        answer.set("usage", UsageJson.of(usage));
        try {
            return new Reply.Whole(BodyScanner.scan(Json.bytes(answer)), usage, endsUnknown);
        } catch (BodyScanner.Malformed e) {
            // A number or a depth that no answer of ours may have.
            throw Failure.of(Failure.Kind.UPSTREAM_INVALID, "the provider's answer breaks a bound: " + e.getMessage());
        }
    }

    /** What the model says in one of its answers. Texts that come in parts are put together. */
    public final class Choice {
        private final ObjectNode choice;
        private final ObjectNode message;
        private final StringBuilder text = new StringBuilder();
        private final StringBuilder reasoning = new StringBuilder();
        private boolean hasText;

        private Choice(ObjectNode choice) {
            this.choice = choice;
            this.message = choice.putObject("message").put("role", "assistant");
            message.putNull("content");
        }

        public Choice text(String more) {
            text.append(more);
            hasText = true;
            return this;
        }

        public Choice reasoning(String more) {
            reasoning.append(more);
            return this;
        }

        /** Why the model would not answer. */
        public Choice refusal(String why) {
            message.put("refusal", why);
            return this;
        }

        /** @param arguments JSON as text; nothing becomes {@code {}} */
        public Choice toolCall(String id, String name, String arguments) {
            ObjectNode call = message.withArray("tool_calls").addObject();
            call.put("id", id).put("type", "function");
            call.putObject("function").put("name", name).put("arguments", arguments.isBlank() ? "{}" : arguments);
            return this;
        }

        /** A member of the message that OpenAI does not know and the provider does: handed on as it is. */
        public ObjectNode message() {
            return message;
        }

        public boolean hasToolCalls() {
            return message.has("tool_calls");
        }

        /**
         * The end of it: nothing comes behind.
         *
         * @param nativeReason the provider's own word; left out where it is empty
         */
        public void finish(Finish reason, String nativeReason) {
            if (hasText) {
                message.put("content", text.toString());
            }
            if (reasoning.length() > 0) {
                message.put("reasoning_content", reasoning.toString());
            }
            choice.put("finish_reason", reason.wireName(hasToolCalls()));
            if (!nativeReason.isEmpty()) {
                choice.put("native_finish_reason", nativeReason);
                endsUnknown |= reason == Finish.UNKNOWN;
            }
        }
    }
}
