package io.mlflowgateway.langchain4j.internal;

import java.util.Map;
import java.util.Optional;

/**
 * One call as the caller sees it, before it is an HTTP request.
 *
 * @param method {@code GET} or {@code POST}
 * @param path below the base URL, with its query
 * @param body JSON to send, if any
 * @param streams whether an event stream is asked for
 * @param route the route's name, for messages
 * @param headers of this call only
 * @param deadline of this call altogether; empty for the connection's total timeout, from when it begins
 */
record Invocation(
        String method,
        String path,
        Optional<byte[]> body,
        boolean streams,
        Optional<String> route,
        Map<String, String> headers,
        Optional<Deadline> deadline) {

    static Invocation get(String path) {
        return new Invocation("GET", path, Optional.empty(), false, Optional.empty(), Map.of(), Optional.empty());
    }

    static Invocation post(WireShape shape, byte[] body, boolean streams, RouteCall call) {
        WireShape.Address address = shape.address(call.route(), body);
        return new Invocation(
                "POST",
                address.path(),
                Optional.of(address.body()),
                streams,
                Optional.of(call.route()),
                call.headers(),
                call.deadline());
    }

    /** The path only. */
    @Override
    public String toString() {
        return method + " " + path;
    }
}
