package io.mlflowgateway.server.credential;

import io.mlflowgateway.server.provider.UpstreamRequest;
import io.mlflowgateway.server.query.Payload;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The body of a token request. Does not print: it holds secrets. */
final class Form {
    private final StringBuilder text = new StringBuilder();

    /** Adds a field, unless it is empty. */
    Form with(String name, String value) {
        if (!value.isEmpty()) {
            text.append(text.isEmpty() ? "" : "&").append(name).append('=').append(encoded(value));
        }
        return this;
    }

    UpstreamRequest to(String url, Map<String, String> headers) {
        Payload body = Payload.of(text.toString().getBytes(StandardCharsets.US_ASCII));
        return UpstreamRequest.form(url, headers, body);
    }

    /** As forms have it. */
    static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
