package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/** The HTTP status an {@code error} object stands for when it did not come with one: inside a stream or a 200. */
final class ErrorStatus {
    /** OpenAI's {@code error.type} and {@code error.code} values and those of servers that follow it. */
    private static final Map<String, Integer> BY_WORD = Map.ofEntries(
            Map.entry("invalid_request_error", 400),
            Map.entry("BadRequestError", 400),
            Map.entry("context_length_exceeded", 400),
            Map.entry("authentication_error", 401),
            Map.entry("billing_error", 402),
            Map.entry("request_too_large", 413),
            Map.entry("api_error", 500),
            Map.entry("timeout_error", 504),
            Map.entry("invalid_api_key", 401),
            Map.entry("permission_error", 403),
            Map.entry("not_found_error", 404),
            Map.entry("NotFoundError", 404),
            Map.entry("rate_limit_error", 429),
            Map.entry("rate_limit_exceeded", 429),
            Map.entry("tokens", 429),
            Map.entry("requests", 429),
            Map.entry("insufficient_quota", 429),
            Map.entry("server_error", 500),
            Map.entry("InternalServerError", 500),
            Map.entry("overloaded_error", 503),
            // Text Generation Inference.
            Map.entry("overloaded", 429),
            Map.entry("validation", 422),
            Map.entry("generation", 424),
            Map.entry("incomplete_generation", 500),
            // Databricks.
            Map.entry("BAD_REQUEST", 400),
            Map.entry("INVALID_PARAMETER_VALUE", 400),
            Map.entry("UNAUTHENTICATED", 401),
            Map.entry("PERMISSION_DENIED", 403),
            Map.entry("RESOURCE_DOES_NOT_EXIST", 404),
            Map.entry("REQUEST_LIMIT_EXCEEDED", 429),
            Map.entry("RESOURCE_EXHAUSTED", 429),
            Map.entry("INTERNAL_ERROR", 500),
            Map.entry("TEMPORARILY_UNAVAILABLE", 503));

    private ErrorStatus() {}

    /** 400..599; 502 for an error that does not say. */
    static int of(JsonNode error) {
        for (String member : new String[] {"status", "code", "type", "error_code"}) {
            JsonNode value = error.path(member);
            int number = value.isTextual() ? numberIn(value.asText()) : value.asInt(0);
            if (number >= 400 && number <= 599) {
                return number;
            }
            Integer known = BY_WORD.get(value.asText(""));
            if (known != null) {
                return known;
            }
        }
        return 502;
    }

    private static int numberIn(String text) {
        return text.length() == 3 && text.chars().allMatch(c -> c >= '0' && c <= '9') ? Integer.parseInt(text) : 0;
    }
}
