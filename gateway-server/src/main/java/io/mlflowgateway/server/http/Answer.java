package io.mlflowgateway.server.http;

import java.util.Map;
import reactor.core.publisher.Flux;

/** What goes back to the caller. The edge adds the request id, security headers, length and framing. */
public sealed interface Answer {
    int status();

    /** Lower-case names. {@code content-type} must be among them when there is a body. */
    Map<String, String> headers();

    /** A body in one part; empty bytes for none. */
    record Whole(int status, Map<String, String> headers, byte[] body) implements Answer {
        public Whole {
            headers = Map.copyOf(headers);
        }

        @Override
        public String toString() {
            return "Whole[" + status + ", " + body.length + " bytes]";
        }
    }

    /**
     * An event stream. Each element becomes one {@code data:} event and is flushed at once. The head goes out with the
     * first element: a flux that fails before it is answered as a failure with its own status; one that fails later gets
     * an error event and then the connection is closed.
     *
     * @param data payloads on one line each; the last one of a complete stream is {@code [DONE]}
     */
    record Events(int status, Map<String, String> headers, Flux<byte[]> data) implements Answer {
        public Events {
            headers = Map.copyOf(headers);
        }

        @Override
        public String toString() {
            return "Events[" + status + "]";
        }
    }
}
