package io.mlflowgateway.server.provider.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Piece;
import io.mlflowgateway.server.query.Usage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes OpenAI's chunks: one id and one {@code created} in all of them, the role once for each choice, tool calls
 * numbered by the order they begin in, {@code {}} for a call without arguments, one finish reason for each choice, usage
 * in a chunk of its own. For one stream; not for several threads at once.
 */
public final class ChatChunks {
    private static final int LONGEST_NAME = 256;

    /** Of one choice, and choices of one stream: each is remembered up to the end. */
    private static final int MOST = 4_096;

    private final long created;
    private final Map<Integer, Choice> choices = new HashMap<>();
    private String id;
    private String model;

    /** What has been said of one choice. */
    private static final class Choice {
        private final Map<String, Call> calls = new LinkedHashMap<>();
        private boolean roleSaid;
        private boolean finished;
    }

    private static final class Call {
        private final int number;
        private boolean hasArguments;

        private Call(int number) {
            this.number = number;
        }
    }

    /** @param created in seconds since 1970 */
    public ChatChunks(String id, String model, long created) {
        this.id = id;
        this.model = model;
        this.created = created;
    }

    /** What the provider calls the answer and the model, told before the first chunk; empty words change nothing. */
    public void called(String providersId, String providersModel) {
        id = isName(providersId) ? providersId : id;
        model = isName(providersModel) ? providersModel : model;
    }

    /** Each chunk repeats it. */
    private static boolean isName(String name) {
        return !name.isEmpty() && name.length() <= LONGEST_NAME;
    }

    public Piece text(int choice, String text) {
        return piece(choice, delta(choice).put("content", text), text);
    }

    public Piece reasoning(int choice, String text) {
        return piece(choice, delta(choice).put("reasoning_content", text), text);
    }

    public Piece refusal(int choice, String text) {
        return piece(choice, delta(choice).put("refusal", text), text);
    }

    /** A member of the delta that OpenAI does not know: what it holds is handed on as it is. */
    public Piece extra(int choice, String member, JsonNode value) {
        return piece(choice, delta(choice).set(member, value));
    }

    /** A chunk with the role and nothing else. */
    public Piece role(int choice) {
        return piece(choice, delta(choice).put("content", ""));
    }

    /**
     * A tool call begins.
     *
     * @param key what the provider's later events name it by
     */
    public Piece toolCall(int choice, String key, String callId, String name) {
        Map<String, Call> calls = state(choice).calls;
        if (calls.size() >= MOST) {
            throw tooMany("tool calls");
        }
        Call call = new Call(calls.size());
        calls.put(key, call);
        ObjectNode delta = delta(choice);
        ObjectNode json = toolCall(delta, call.number).put("id", callId).put("type", "function");
        json.putObject("function").put("name", name).put("arguments", "");
        return piece(choice, delta);
    }

    /** Whether a call of this key has begun. */
    public boolean knows(int choice, String key) {
        return state(choice).calls.containsKey(key);
    }

    /** More of a tool call's arguments; empty for an empty text. */
    public Optional<Piece> arguments(int choice, String key, String more) {
        Call call = state(choice).calls.get(key);
        if (call == null || more.isEmpty()) {
            return Optional.empty();
        }
        call.hasArguments = true;
        return Optional.of(arguments(choice, call, more));
    }

    private Piece arguments(int choice, Call call, String more) {
        ObjectNode delta = delta(choice);
        toolCall(delta, call.number).putObject("function").put("arguments", more);
        return piece(choice, delta, more);
    }

    private static ObjectNode toolCall(ObjectNode delta, int number) {
        return delta.putArray("tool_calls").addObject().put("index", number);
    }

    public boolean hasToolCalls(int choice) {
        return !state(choice).calls.isEmpty();
    }

    /** Whether each of the first so many choices has its finish reason. */
    public boolean finished(int count) {
        for (int choice = 0; choice < count; choice++) {
            if (!state(choice).finished) {
                return false;
            }
        }
        return true;
    }

    /** The end of a choice; nothing the second time. */
    public List<Piece> finish(int choice, Finish reason, String nativeReason) {
        Choice state = state(choice);
        if (state.finished) {
            return List.of();
        }
        List<Piece> pieces = new ArrayList<>();
        for (Call call : state.calls.values()) {
            if (!call.hasArguments) {
                pieces.add(arguments(choice, call, "{}"));
            }
        }
        state.finished = true;
        ObjectNode chunk = chunk(choice, delta(choice));
        ObjectNode json = (ObjectNode) chunk.path("choices").path(0);
        json.put("finish_reason", reason.wireName(hasToolCalls(choice)));
        if (!nativeReason.isEmpty()) {
            json.put("native_finish_reason", nativeReason);
        }
        boolean unknown = reason == Finish.UNKNOWN && !nativeReason.isEmpty();
        pieces.add(new Piece(Json.bytes(chunk), Optional.empty(), false, 0, unknown));
        return pieces;
    }

    /** The last chunk. */
    public Piece usage(Usage usage) {
        ObjectNode chunk = envelope();
        chunk.putArray("choices");
        chunk.set("usage", UsageJson.of(usage));
        return new Piece(Json.bytes(chunk), Optional.of(usage), true);
    }

    private ObjectNode delta(int choice) {
        Choice state = state(choice);
        ObjectNode delta = JsonNodeFactory.instance.objectNode();
        if (!state.roleSaid) {
            state.roleSaid = true;
            delta.put("role", "assistant");
        }
        return delta;
    }

    private Choice state(int choice) {
        if (choices.size() >= MOST && !choices.containsKey(choice)) {
            throw tooMany("choices");
        }
        return choices.computeIfAbsent(choice, none -> new Choice());
    }

    private static Failure tooMany(String what) {
        return Failure.of(Failure.Kind.UPSTREAM_INVALID, "the provider's stream holds more than " + MOST + " " + what);
    }

    private Piece piece(int choice, ObjectNode delta) {
        return piece(choice, delta, "");
    }

    private Piece piece(int choice, ObjectNode delta, String text) {
        return new Piece(Json.bytes(chunk(choice, delta)), Optional.empty(), false, utf8Length(text));
    }

    private static int utf8Length(String text) {
        int length = text.length();
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            // Of a pair each half stands for two bytes.
            length += each < 0x80 ? 0 : each < 0x800 || Character.isSurrogate(each) ? 1 : 2;
        }
        return length;
    }

    private ObjectNode chunk(int choice, ObjectNode delta) {
        ObjectNode chunk = envelope();
        ObjectNode json = chunk.putArray("choices").addObject().put("index", choice);
        json.set("delta", delta);
        json.putNull("finish_reason");
        return chunk;
    }

    private ObjectNode envelope() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", id)
                .put("object", "chat.completion.chunk")
                .put("created", created)
                .put("model", model);
    }
}
