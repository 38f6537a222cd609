package io.mlflowgateway.server.provider;

import io.mlflowgateway.server.query.Payload;
import java.util.Map;

/**
 * What goes to an upstream. Always a POST.
 *
 * @param url absolute http or https URL, from the configuration only
 * @param headers names and values; they hold credentials, so they are never printed. None of those that the transport
 *     sets itself: what concerns the connection, the body, its type, and the type of the answer
 * @param body JSON
 * @param streams whether an event stream is expected
 * @param framing of that stream
 */
public record UpstreamRequest(String url, Map<String, String> headers, Payload body, boolean streams, Framing framing) {
    public UpstreamRequest {
        headers = Map.copyOf(headers);
    }

    /** One whose stream, if it has one, is of server-sent events. */
    public UpstreamRequest(String url, Map<String, String> headers, Payload body, boolean streams) {
        this(url, headers, body, streams, Framing.SSE);
    }

    /** @param body JSON. The array is handed over */
    public UpstreamRequest(String url, Map<String, String> headers, byte[] body, boolean streams) {
        this(url, headers, Payload.of(body), streams);
    }

    @Override
    public String toString() {
        return "UpstreamRequest[" + url + ", " + body.length() + " bytes]";
    }
}
