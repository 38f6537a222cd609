package io.mlflowgateway.langchain4j.internal;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * What a refusal says. MLflow writes {@code {"detail": text | object | list of validation items}} and, when calls are
 * limited, {@code {"error": text}}; OpenAI's dialect writes {@code {"error": {"message", "type", "code"}}}.
 *
 * @param message in the server's words, however long
 * @param code the server's word for the failure
 * @param status the HTTP status the body speaks of, for errors inside a stream
 */
record ErrorBody(String message, Optional<String> code, OptionalInt status) {

    static final ErrorBody NONE = new ErrorBody("", Optional.empty(), OptionalInt.empty());
    private static final String NO_BODY = "without a body";
    private static final String HTML_PAGE = "(an HTML page)";

    /** OpenAI's error types and codes, for errors that have lost their status because they came inside a stream. */
    private static final List<Map.Entry<String, Integer>> WORDS = List.of(
            Map.entry("rate_limit", 429),
            Map.entry("insufficient_quota", 429),
            Map.entry("authentication", 401),
            Map.entry("permission", 403),
            Map.entry("not_found", 404),
            Map.entry("timeout", 504),
            Map.entry("not_implemented", 501),
            Map.entry("invalid_request", 400));

    static ErrorBody read(ResponseHead head, byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8).strip();
        if (text.isEmpty()) {
            return NONE.saying(NO_BODY + movedTo(head));
        }
        return Json.parse(body).map(json -> of(json, text)).orElseGet(() -> NONE.saying(plain(head, text)));
    }

    static ErrorBody read(String text) {
        return Json.parse(text).map(json -> of(json, text)).orElseGet(() -> NONE.saying(text));
    }

    int statusOr(int otherwise) {
        return status.orElse(otherwise);
    }

    boolean filtered() {
        return code.filter(word -> word.equals("content_filter") || word.equals("content_policy_violation"))
                .isPresent();
    }

    /** Whether nothing is said beyond the status itself. */
    boolean bare() {
        return message.equalsIgnoreCase("Not Found") || message.equals(NO_BODY) || message.equals(HTML_PAGE);
    }

    /** Whether a chunk of a stream is an error instead: OpenAI's and MLflow's envelopes, or vLLM's bare object. */
    static boolean isError(JsonNode chunk) {
        return chunk.hasNonNull("error")
                || (chunk.hasNonNull("detail") && !chunk.has("choices"))
                || Json.text(chunk, "object").filter("error"::equals).isPresent();
    }

    private static ErrorBody of(JsonNode json, String text) {
        JsonNode error = json.hasNonNull("error") ? json.path("error") : json.path("detail");
        if (error.isMissingNode() || error.isNull()) {
            error = json;
        }
        Optional<String> code = word(error, "code")
                .or(() -> word(json.path("detail"), "error_code"))
                .or(() -> word(json, "error_code"))
                .or(() -> Json.words(json.path("error"), "type"));
        return new ErrorBody(message(error).orElse(text), code, status(error));
    }

    private static Optional<String> message(JsonNode error) {
        if (error.isTextual()) {
            return Optional.of(error.textValue());
        }
        if (error.isArray()) {
            return Optional.of(StreamSupport.stream(error.spliterator(), false)
                    .map(ErrorBody::item)
                    .collect(Collectors.joining("; ")));
        }
        return Json.words(error, "message");
    }

    /** One validation item; what was found is left out, as it is the user's text. */
    private static String item(JsonNode item) {
        String place = StreamSupport.stream(item.path("loc").spliterator(), false)
                .map(JsonNode::asText)
                .collect(Collectors.joining("."));
        return (place.isEmpty() ? "" : place + ": ") + item.path("msg").asText(item.toString());
    }

    private static Optional<String> word(JsonNode node, String field) {
        JsonNode value = node.path(field);
        return value.isValueNode() && !value.isNull() && !value.asText().isEmpty()
                ? Optional.of(value.asText())
                : Optional.empty();
    }

    private static OptionalInt status(JsonNode error) {
        for (String field : new String[] {"status", "status_code", "code"}) {
            int status = error.path(field).asInt(0);
            if (status >= 400 && status < 600) {
                return OptionalInt.of(status);
            }
        }
        // The code is the finer word: OpenAI calls a used-up quota an invalid_request_error, too.
        OptionalInt byCode = spoken(Json.text(error, "code").orElse(""));
        return byCode.isPresent() ? byCode : spoken(Json.text(error, "type").orElse(""));
    }

    private static OptionalInt spoken(String word) {
        return WORDS.stream()
                .filter(known -> word.contains(known.getKey()))
                .mapToInt(Map.Entry::getValue)
                .findFirst();
    }

    private ErrorBody saying(String words) {
        return new ErrorBody(words, code, status);
    }

    private static String plain(ResponseHead head, String text) {
        return head.mediaType().equals("text/html") ? HTML_PAGE : text;
    }

    private static String movedTo(ResponseHead head) {
        return head.status() / 100 == 3 ? " (a redirect, which is not followed: set baseUrl to the final address)" : "";
    }
}
