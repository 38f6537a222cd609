package io.mlflowgateway.server.provider;

import java.util.List;

/** How an upstream cuts its stream into events. Each of them is handed over as an {@link SseEvent}, whatever it was. */
public enum Framing {
    /** Server-sent events. */
    SSE("text/event-stream"),

    /** A JSON document per line: events without a name. What stands behind the last line feed is one, too. */
    NDJSON("application/x-ndjson", "application/ndjson", "application/jsonl", "application/stream+json"),

    /**
     * Amazon's binary frames. The name of an event is its {@code :event-type}; that of an exception is {@link #EXCEPTION}
     * and its {@code :exception-type}, that of an error {@link #ERROR} and its {@code :error-code}. Data is the payload; for
     * an error without one, its {@code :error-message}.
     */
    AWS_EVENT_STREAM("application/vnd.amazon.eventstream");

    /** The names of frames that say how a stream failed begin so. */
    public static final String EXCEPTION = "exception:";

    /** As {@link #EXCEPTION}, for failures that the service has no name for. */
    public static final String ERROR = "error:";

    private final List<String> types;

    Framing(String... types) {
        this.types = List.of(types);
    }

    /** What is asked for: its media types. */
    public String accept() {
        return String.join(", ", types);
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
