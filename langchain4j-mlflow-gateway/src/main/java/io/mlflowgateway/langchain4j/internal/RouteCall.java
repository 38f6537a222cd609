package io.mlflowgateway.langchain4j.internal;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Which route is called, and what is particular about this call.
 *
 * @param route its name
 * @param headers of this call only
 * @param timeout for this call altogether, if not the connection's
 */
public record RouteCall(String route, Map<String, String> headers, Optional<Duration> timeout) {
    /**
     * A call with nothing particular.
     *
     * @param route its name
     * @return the call
     */
    public static RouteCall to(String route) {
        return new RouteCall(route, Map.of(), Optional.empty());
    }

    /** Without header values: they may be secret. */
    @Override
    public String toString() {
        return "RouteCall{" + route + "}";
    }
}
