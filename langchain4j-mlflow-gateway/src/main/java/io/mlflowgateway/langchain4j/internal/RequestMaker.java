package io.mlflowgateway.langchain4j.internal;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Makes the HTTP request of one attempt: asks for the added headers, once. */
final class RequestMaker {

    private static final String USER_AGENT = "langchain4j-mlflow-gateway";

    private final ConnectionSettings settings;

    RequestMaker(ConnectionSettings settings) {
        this.settings = settings;
    }

    TransportRequest make(Invocation call, Optional<String> token) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.put("User-Agent", USER_AGENT);
        headers.put("Accept", call.streams() ? "text/event-stream, application/json" : "application/json");
        if (call.body().isPresent()) {
            headers.put("Content-Type", "application/json");
        }
        token.ifPresent(shown -> headers.put("Authorization", "Bearer " + shown));
        settings.customHeaders().ifPresent(custom -> headers.putAll(custom.get()));
        headers.putAll(call.headers());
        headers.forEach(RequestMaker::check);
        return new TransportRequest(
                call.method(),
                settings.baseUrl().at(call.path(), settings.customQueryParams()),
                headers,
                call.body(),
                call.streams());
    }

    /** Refused here, because the JDK's client would quote the value, which may be a key with a line break behind it. */
    private static void check(String name, String value) {
        if (value.chars().anyMatch(character -> (character < ' ' && character != '\t') || character == 0x7f)) {
            throw new IllegalArgumentException("the value of header " + name + " holds a control character");
        }
        if (value.chars().anyMatch(character -> character > 0x7f)) {
            throw new IllegalArgumentException(
                    "the value of header " + name + " holds a character that is not ASCII, and would be sent as '?'");
        }
    }
}
