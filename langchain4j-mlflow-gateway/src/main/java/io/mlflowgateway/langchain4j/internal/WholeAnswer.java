package io.mlflowgateway.langchain4j.internal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Function;

/** An answer that is all here, and how to complain about it. */
public final class WholeAnswer {

    private final ResponseHead head;
    private final byte[] body;
    private final Failures failures;

    WholeAnswer(ResponseHead head, byte[] body, Failures failures) {
        this.head = head;
        this.body = body;
        this.failures = failures;
    }

    /** {@return status and headers} */
    public ResponseHead head() {
        return head;
    }

    /** {@return the body as it came; not copied} */
    public byte[] body() {
        return body;
    }

    /** {@return the body as a JSON object; fails if it is none} */
    public JsonNode json() {
        return Json.parse(body)
                .filter(JsonNode::isObject)
                .orElseThrow(() -> notUnderstood("the answer is not a JSON object but " + kind()));
    }

    /**
     * Reads the body, and says whose answer it was if that fails.
     *
     * @param reader of the JSON; fails with {@link UnreadableAnswer} or {@link WithheldAnswer}
     * @param <T> what it says
     * @return what it says
     */
    public <T> T read(Function<JsonNode, T> reader) {
        JsonNode json = json();
        try {
            return reader.apply(json);
        } catch (UnreadableAnswer unreadable) {
            throw notUnderstood(unreadable.reason());
        } catch (WithheldAnswer withheld) {
            throw failures.withheld(head, withheld);
        }
    }

    private RuntimeException notUnderstood(String what) {
        return failures.notUnderstood(head, what);
    }

    private String kind() {
        return body.length == 0 ? "empty" : head.mediaType().isEmpty() ? "something else" : head.mediaType();
    }
}
