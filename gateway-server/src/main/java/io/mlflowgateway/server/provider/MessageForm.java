package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.json.BodyScanner.Malformed;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.json.JsonCursor;
import io.mlflowgateway.server.provider.chat.CallersTree;
import io.mlflowgateway.server.query.Body;
import io.mlflowgateway.server.query.Body.Kind;
import io.mlflowgateway.server.query.Body.Member;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/**
 * How a provider wants messages. They are read as a tree only where one is not like that.
 *
 * @param knowsDeveloper whether there is a role {@code developer}; where not, it becomes {@code system}
 * @param takesTextParts whether {@code content} may be a list of text parts; where not, it becomes one string, the parts
 *     one after another by line. A list with anything else in it stays
 * @param known the only members a message may have; empty for any
 * @param nineLetterIds whether tool calls must be named by nine letters or digits: see {@link CallIds}
 */
record MessageForm(boolean knowsDeveloper, boolean takesTextParts, Set<String> known, boolean nineLetterIds) {
    /** OpenAI's own. */
    static final MessageForm ANY = new MessageForm(true, true, Set.of());

    /** One in which tool calls are named anyhow. */
    MessageForm(boolean knowsDeveloper, boolean takesTextParts, Set<String> known) {
        this(knowsDeveloper, takesTextParts, known, false);
    }

    MessageForm {
        known = Set.copyOf(known);
    }

    /**
     * The list as the provider wants it; empty where it is like that already, or is no list of messages.
     *
     * @throws io.mlflowgateway.server.query.Failure (400) where it must be changed and has more values than a tree may
     */
    Optional<String> changed(Body body, Member messages) {
        if (equals(ANY) || messages.kind() != Kind.ARRAY) {
            return Optional.empty();
        }
        try {
            return isOdd(new JsonCursor(body, messages))
                    ? Optional.of(translated(body.raw(messages)))
                    : Optional.empty();
        } catch (Malformed e) {
            // The scan has read it before: it holds something that is no message, and the provider will say so.
            return Optional.empty();
        }
    }

    private boolean isOdd(JsonCursor json) throws Malformed {
        boolean odd = false;
        json.enterArray();
        while (json.nextElement()) {
            json.enterObject();
            while (json.nextMember()) {
                odd |= isOddMember(json);
            }
        }
        return odd;
    }

    private boolean isOddMember(JsonCursor json) throws Malformed {
        String name = json.name();
        boolean unknown = !isKnown(name);
        switch (name) {
            case "role":
                return unknown | json.skipIfText("developer") && !knowsDeveloper;
            case "content":
                boolean list = json.kind() == Kind.ARRAY;
                json.skip();
                return unknown | list && !takesTextParts;
            case "tool_call_id":
                return unknown | isOddId(json);
            case "tool_calls":
                return unknown | holdsOddId(json);
            default:
                json.skip();
                return unknown;
        }
    }

    private boolean isOddId(JsonCursor json) throws Malformed {
        String id = json.skipText();
        return nineLetterIds && !CallIds.isNine(id);
    }

    private boolean holdsOddId(JsonCursor json) throws Malformed {
        if (!nineLetterIds || json.kind() != Kind.ARRAY) {
            json.skip();
            return false;
        }
        boolean odd = false;
        json.enterArray();
        while (json.nextElement()) {
            json.enterObject();
            while (json.nextMember()) {
                if (json.name().equals("id")) {
                    odd |= isOddId(json);
                } else {
                    json.skip();
                }
            }
        }
        return odd;
    }

    private boolean isKnown(String member) {
        return known.isEmpty() || known.contains(member);
    }

    private String translated(String raw) {
        JsonNode messages = CallersTree.of(raw.getBytes(StandardCharsets.UTF_8));
        for (JsonNode message : messages) {
            translate((ObjectNode) message);
        }
        return Json.text(messages);
    }

    private void translate(ObjectNode message) {
        if (!known.isEmpty()) {
            message.retain(known);
        }
        if (!knowsDeveloper && message.path("role").asText().equals("developer")) {
            message.put("role", "system");
        }
        if (nineLetterIds) {
            shorten(message, "tool_call_id");
            message.path("tool_calls").forEach(call -> shorten(call, "id"));
        }
        JsonNode content = message.path("content");
        if (!takesTextParts && content.isArray() && isText(content)) {
            message.put("content", Prompts.text(content));
        }
    }

    private static void shorten(JsonNode named, String member) {
        if (named instanceof ObjectNode object && object.path(member).isTextual()) {
            object.put(member, CallIds.nine(object.path(member).asText()));
        }
    }

    private static boolean isText(JsonNode parts) {
        for (JsonNode part : parts) {
            if (!part.path("text").isTextual()) {
                return false;
            }
        }
        return true;
    }
}
