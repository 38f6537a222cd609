package io.mlflowgateway.server.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.query.Failure;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * A page of a list, as MLflow pages: 3000 items, and a token that is the base64 of {@code {"index": N}}.
 *
 * @param from first index
 * @param to index after the last
 * @param size of the whole list
 */
record Page(int from, int to, int size) {
    private static final int ITEMS = 3000;
    private static final String KEY = "page_token=";

    static Page of(String query, int size) {
        int from = 0;
        for (String parameter : query.split("&", -1)) {
            if (parameter.startsWith(KEY) && parameter.length() > KEY.length()) {
                from = Math.min(index(parameter.substring(KEY.length())), size);
            }
        }
        return new Page(from, Math.min(size, from + ITEMS), size);
    }

    /** The token of the page after this one. */
    Optional<String> next() {
        return to == size
                ? Optional.empty()
                : Optional.of(Base64.getEncoder()
                        .encodeToString(("{\"index\": " + to + "}").getBytes(StandardCharsets.UTF_8)));
    }

    private static int index(String raw) {
        try {
            String token = URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
            JsonNode index = Json.tree(Base64.getDecoder().decode(token)).path("index");
            if (index.canConvertToInt() && index.isIntegralNumber() && index.intValue() >= 0) {
                return index.intValue();
            }
        } catch (IllegalArgumentException | JsonProcessingException e) {
            // Said below.
        }
        throw Failure.of(Failure.Kind.INVALID_REQUEST, "page_token is not one that this server gave");
    }
}
