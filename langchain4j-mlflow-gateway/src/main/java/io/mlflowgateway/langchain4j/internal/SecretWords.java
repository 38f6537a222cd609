package io.mlflowgateway.langchain4j.internal;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Keeps credentials out of logs and messages. */
final class SecretWords {

    private static final String MASK = "***";
    private static final int SHORTEST_SECRET = 6;
    private static final Set<String> TELLTALES = Set.of(
            "auth",
            "api-key",
            "api_key",
            "apikey",
            "subscription-key",
            "token",
            "secret",
            "password",
            "credential",
            "cookie");

    private SecretWords() {}

    static boolean secret(String headerName) {
        String name = headerName.toLowerCase(Locale.ROOT);
        return TELLTALES.stream().anyMatch(name::contains);
    }

    /** The headers as they may be shown. */
    static Map<String, String> masked(Map<String, String> headers) {
        Map<String, String> shown = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.forEach((name, value) -> shown.put(name, secret(name) ? MASK : value));
        return shown;
    }

    /** A text from outside, in which a server may have repeated what we showed it. */
    static String masked(String text, TransportRequest request) {
        String query = request.uri().getRawQuery();
        String shown = query == null || query.length() < SHORTEST_SECRET ? text : text.replace(query, MASK);
        for (Map.Entry<String, String> header : request.headers().entrySet()) {
            if (secret(header.getKey())) {
                String value = header.getValue();
                String credential = value.substring(value.indexOf(' ') + 1);
                if (credential.length() >= SHORTEST_SECRET) {
                    shown = shown.replace(credential, MASK);
                }
            }
        }
        return shown;
    }
}
