package io.mlflowgateway.langchain4j.internal;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Status and headers of an answer.
 *
 * @param status 100 to 599
 * @param headers by name, in any case
 */
public record ResponseHead(int status, Map<String, List<String>> headers) {
    /** Copies the headers and makes their names case-insensitive. */
    public ResponseHead {
        TreeMap<String, List<String>> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        copy.putAll(headers);
        headers = copy;
    }

    /**
     * One header.
     *
     * @param name in any case
     * @return its first value
     */
    public Optional<String> header(String name) {
        return headers.getOrDefault(name, List.of()).stream().findFirst();
    }

    /** {@return the id the gateway gave the exchange} */
    public Optional<String> requestId() {
        return header("X-Request-Id");
    }

    boolean successful() {
        return status >= 200 && status < 300;
    }

    /** The media type without parameters, in lower case; empty if there is none. */
    String mediaType() {
        String value = header("Content-Type").orElse("");
        int semicolon = value.indexOf(';');
        return (semicolon < 0 ? value : value.substring(0, semicolon)).trim().toLowerCase(Locale.ROOT);
    }
}
