package io.mlflowgateway.langchain4j.internal;

import java.net.URI;
import java.util.Map;
import java.util.Optional;

/**
 * One HTTP request.
 *
 * @param method {@code GET} or {@code POST}
 * @param uri absolute, with its query
 * @param headers one value for each name; may hold secrets
 * @param body UTF-8 JSON, if any
 * @param streams whether the answer is to be an event stream
 */
record TransportRequest(String method, URI uri, Map<String, String> headers, Optional<byte[]> body, boolean streams) {
    /** Without headers and body: they may be secret. */
    @Override
    public String toString() {
        return method + " " + uri.getPath();
    }
}
