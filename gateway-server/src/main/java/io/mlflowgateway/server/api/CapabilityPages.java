package io.mlflowgateway.server.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.http.Endpoint;
import java.util.Map;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/** What the providers can do, configured or not: {@code GET /api/gateway/capabilities}. */
public final class CapabilityPages {
    private CapabilityPages() {}

    /** @param document asked for each time the page is; the same all the time */
    public static Map<String, Endpoint> endpoints(Supplier<ObjectNode> document) {
        return Map.of("/api/gateway/capabilities", (head, body) -> Mono.just(Answers.ok(document.get())));
    }
}
