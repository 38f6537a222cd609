package io.mlflowgateway.server.provider;

import io.mlflowgateway.server.query.Payload;
import java.util.HashMap;
import java.util.Map;

/**
 * What goes to an upstream: a POST, or a GET where the content type is empty.
 *
 * @param url absolute http or https URL, from the configuration only
 * @param headers names and values; they hold credentials, so they are never printed. None of those that the transport
 *     sets itself: what concerns the connection, the body, its type, and the type of the answer
 * @param body of the content type
 * @param streams whether an event stream is expected
 * @param framing of that stream
 * @param contentType of the body, a plain media type. {@link #JSON} and {@link #FORM} ask for an answer in JSON, others for
 *     one of any type
 */
public record UpstreamRequest(
        String url, Map<String, String> headers, Payload body, boolean streams, Framing framing, String contentType) {
    /** What models are asked in. */
    public static final String JSON = "application/json";

    /** What credentials are asked for in. */
    public static final String FORM = "application/x-www-form-urlencoded";

    public UpstreamRequest {
        headers = Map.copyOf(headers);
    }

    /** @param body JSON */
    public UpstreamRequest(String url, Map<String, String> headers, Payload body, boolean streams, Framing framing) {
        this(url, headers, body, streams, framing, JSON);
    }

    /** One whose stream, if it has one, is of server-sent events; the body is JSON. */
    public UpstreamRequest(String url, Map<String, String> headers, Payload body, boolean streams) {
        this(url, headers, body, streams, Framing.SSE);
    }

    /** One whose body is a form, and whose answer comes whole. */
    public static UpstreamRequest form(String url, Map<String, String> headers, Payload body) {
        return new UpstreamRequest(url, headers, body, false, Framing.SSE, FORM);
    }

    /** One whose body is of this type, and whose answer, of any type, comes whole. */
    public static UpstreamRequest of(String contentType, String url, Map<String, String> headers, Payload body) {
        return new UpstreamRequest(url, headers, body, false, Framing.SSE, contentType);
    }

    /** A GET, whose answer, of any type, comes whole. */
    public static UpstreamRequest get(String url, Map<String, String> headers) {
        return of("", url, headers, Payload.of(new byte[0]));
    }

    /** The same with more headers. */
    public UpstreamRequest with(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(headers);
        all.putAll(more);
        return new UpstreamRequest(url, all, body, streams, framing, contentType);
    }

    /** @param body JSON. The array is handed over */
    public UpstreamRequest(String url, Map<String, String> headers, byte[] body, boolean streams) {
        this(url, headers, Payload.of(body), streams);
    }

    /** The same with another body. */
    public UpstreamRequest with(Payload changed) {
        return new UpstreamRequest(url, headers, changed, streams, framing, contentType);
    }

    @Override
    public String toString() {
        return "UpstreamRequest[" + url + ", " + body.length() + " bytes]";
    }
}
