package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.query.Failure;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Bedrock's exceptions by their names, which stand in a header of an answer and in the frame of a stream. Their statuses
 * say less: a signature that is not good any more comes with the 403 of one who may not use a model.
 */
final class BedrockErrors {
    private static final String TYPE = "x-amzn-errortype";
    private static final Pattern WORD = Pattern.compile("[A-Za-z][A-Za-z0-9]{1,63}");
    private static final int REFUSED = 401;

    private static final Map<String, Integer> STATUSES = Map.ofEntries(
            Map.entry("ValidationException", 400),
            Map.entry("UnrecognizedClientException", REFUSED),
            Map.entry("ExpiredTokenException", REFUSED),
            Map.entry("InvalidSignatureException", REFUSED),
            Map.entry("IncompleteSignatureException", REFUSED),
            Map.entry("IncompleteSignature", REFUSED),
            Map.entry("MissingAuthenticationTokenException", REFUSED),
            Map.entry("MissingAuthenticationToken", REFUSED),
            Map.entry("InvalidClientTokenId", REFUSED),
            Map.entry("AccessDeniedException", 403),
            Map.entry("ResourceNotFoundException", 404),
            Map.entry("ModelTimeoutException", 408),
            Map.entry("ConflictException", 409),
            Map.entry("ThrottlingException", 429),
            Map.entry("TooManyRequestsException", 429),
            Map.entry("ModelNotReadyException", 429),
            Map.entry("ServiceQuotaExceededException", 429),
            Map.entry("InternalServerException", 500),
            // Both are the model's, which the wire calls a failed dependency.
            Map.entry("ModelErrorException", 502),
            Map.entry("ModelStreamErrorException", 502),
            Map.entry("ServiceUnavailableException", 503));

    private BedrockErrors() {}

    /** An answer of status 300 or more. */
    static Failure of(UpstreamResponse.Whole answer, Attempt attempt) {
        String name = answer.header(TYPE).map(BedrockErrors::name).orElse("");
        Integer status = STATUSES.get(name);
        UpstreamResponse.Whole read = status == null || answer.status() < 400
                ? answer
                : new UpstreamResponse.Whole(status, answer.retryAfter(), answer.contentType(), answer.body());
        Failure failure = Refusals.of(worded(read), attempt.settings());
        return status == null ? failure : failure.code(name);
    }

    /** Some of Amazon's doors write the message with a capital. */
    private static UpstreamResponse.Whole worded(UpstreamResponse.Whole answer) {
        Optional<JsonNode> document =
                answer.body().length > 64 * 1024 ? Optional.empty() : JsonObjects.read(answer.body());
        if (document.filter(found -> found.path("Message").isTextual()).isEmpty()) {
            return answer;
        }
        ObjectNode worded = (ObjectNode) document.get();
        worded.set("message", worded.remove("Message"));
        return new UpstreamResponse.Whole(
                answer.status(), answer.retryAfter(), answer.contentType(), Json.bytes(worded));
    }

    /** Throws where the event says how the stream failed. */
    static void check(SseEvent event, Attempt attempt) {
        String name = event.name();
        boolean isError = name.startsWith(Framing.ERROR);
        if (!isError && !name.startsWith(Framing.EXCEPTION)) {
            return;
        }
        String type = name(name.substring((isError ? Framing.ERROR : Framing.EXCEPTION).length()));
        String words = JsonObjects.read(event.data())
                .map(data -> data.path("message").asText(data.path("Message").asText("")))
                .orElse("");
        ObjectNode error = JsonNodeFactory.instance.objectNode();
        error.put("status", STATUSES.getOrDefault(type, 502));
        error.put("message", words.isEmpty() ? "the provider's stream failed: " + shown(type) : words);
        Failure failure = Refusals.ofErrorMember(error, attempt.settings());
        throw WORD.matcher(type).matches() ? failure.code(type) : failure;
    }

    private static String shown(String type) {
        return WORD.matcher(type).matches() ? type : "no reason given";
    }

    /** Without the namespace before a hash and the URI behind a colon; frames begin the same names with a small letter. */
    private static String name(String told) {
        int hash = told.indexOf('#');
        int colon = told.indexOf(':', hash + 1);
        String name =
                told.substring(hash + 1, colon < 0 ? told.length() : colon).strip();
        return name.isEmpty() ? name : Character.toUpperCase(name.charAt(0)) + name.substring(1);
    }
}
