package io.mlflowgateway.server.provider;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** How an upstream cuts its stream into events. Each of them is handed over as an {@link SseEvent}, whatever it was. */
public enum Framing {
    /** Server-sent events. Anthropic's and Cohere's last ones have names; OpenAI's has its data. */
    SSE(Set.of("message_stop", "message-end"), "text/event-stream"),

    /** A JSON document per line: events without a name. What stands behind the last line feed is one, too. */
    NDJSON(Set.of(), "application/x-ndjson", "application/ndjson", "application/jsonl", "application/stream+json"),

    /**
     * Amazon's binary frames. The name of an event is its {@code :event-type}; that of an exception is {@link #EXCEPTION}
     * and its {@code :exception-type}, that of an error {@link #ERROR} and its {@code :error-code}. Data is the payload; for
     * an error without one, its {@code :error-message}. Converse's last one tells the tokens.
     */
    AWS_EVENT_STREAM(Set.of("metadata"), "application/vnd.amazon.eventstream");

    /** The names of frames that say how a stream failed begin so. */
    public static final String EXCEPTION = "exception:";

    /** As {@link #EXCEPTION}, for failures that the service has no name for. */
    public static final String ERROR = "error:";

    private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);

    private final Set<String> last;
    private final List<String> types;

    Framing(Set<String> last, String... types) {
        this.last = last;
        this.types = List.of(types);
    }

    /** What is asked for: its media types. */
    public String accept() {
        return String.join(", ", types);
    }

    /** Whether nothing comes after this event, by its name or its data. Some streams have other signs of their end. */
    public boolean isLast(SseEvent event) {
        return last.contains(event.name()) || (this == SSE && Arrays.equals(event.data(), DONE));
    }

    /** Whether an answer of this content type is such a stream. */
    public boolean isThatOf(String contentType) {
        for (String type : types) {
            if (contentType.regionMatches(true, 0, type, 0, type.length())) {
                return true;
            }
        }
        return false;
    }
}
