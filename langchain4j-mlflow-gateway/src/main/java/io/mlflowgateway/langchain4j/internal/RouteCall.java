package io.mlflowgateway.langchain4j.internal;

import java.util.Map;
import java.util.Optional;

/**
 * Which route is called, and what is particular about this call.
 *
 * @param route its name
 * @param headers of this call only
 * @param deadline of this call altogether; empty for the connection's total timeout, from when it begins
 */
public record RouteCall(String route, Map<String, String> headers, Optional<Deadline> deadline) {
    /**
     * A call with nothing particular.
     *
     * @param route its name
     * @return the call
     */
    public static RouteCall to(String route) {
        return new RouteCall(route, Map.of(), Optional.empty());
    }

    /** The same call, to be over by a moment. */
    RouteCall until(Deadline moment) {
        return new RouteCall(route, headers, Optional.of(moment));
    }

    /** Without header values: they may be secret. */
    @Override
    public String toString() {
        return "RouteCall{" + route + "}";
    }
}
