package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.secret.Masker;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What a caller is told of an upstream's refusal: its status, and its own words with credentials masked and the length
 * bounded. The forms are those MLflow's gateway gives: {@code error.message} as the message; a JSON document without
 * {@code error} as it is; plain text as {@code {"message": text}}; another content type is a 502 that names it.
 */
final class Refusals {
    private static final int MESSAGE_CHARS = 4_000;
    private static final int DOCUMENT_CHARS = Masker.MAX_LENGTH;
    private static final int MOST_BYTES_READ = 256 * 1024;

    private static final Pattern CODE = Pattern.compile("[a-z][a-z0-9_.-]{1,63}");

    private Refusals() {}

    /** @param answer of status 300 or more */
    static Failure of(UpstreamResponse.Whole answer, Settings settings) {
        int status = answer.status();
        if (status < 400 || status > 599) {
            return Failure.of(
                    Failure.Kind.UPSTREAM_INVALID,
                    "the provider answered with status " + status + "; redirects are not followed");
        }
        if (answer.body().length > MOST_BYTES_READ) {
            return refused(status, "the provider answered with status " + status + " and too much to read", settings);
        }
        String type = mediaType(answer.contentType());
        String text = new String(answer.body(), StandardCharsets.UTF_8).strip();
        if (text.isEmpty()) {
            return refused(status, "the provider answered with status " + status + " and nothing else", settings);
        }
        if (type.equals("application/json") || type.endsWith("+json")) {
            return ofJson(status, answer.body(), settings);
        }
        if (type.equals("text/plain")) {
            String message = masker(settings).mask(text, MESSAGE_CHARS);
            JsonNode detail = JsonNodeFactory.instance.objectNode().put("message", message);
            return refused(status, message, settings).detailJson(Json.text(detail));
        }
        return Failure.of(
                        Failure.Kind.UPSTREAM_INVALID,
                        "the provider answered with status " + status + " and content type "
                                + (type.isEmpty() ? "none" : masker(settings).mask(type, 100)) + " instead of JSON")
                .answered(status);
    }

    /** An {@code error} member that came with a status of success or inside a stream. */
    static Failure ofErrorMember(JsonNode error, Settings settings) {
        String message = message(error);
        return coded(
                refused(
                        ErrorStatus.of(error),
                        message.isEmpty() ? "the provider reported an error" : message,
                        settings),
                error);
    }

    private static Failure ofJson(int status, byte[] body, Settings settings) {
        JsonNode document;
        try {
            document = Json.tree(body);
        } catch (JsonProcessingException e) {
            return refused(status, "the provider answered with status " + status + " and broken JSON", settings);
        }
        String message = message(document.path("error"));
        if (!message.isEmpty()) {
            return coded(refused(status, message, settings), document.path("error"));
        }
        String words = wordsOf(document);
        Failure failure =
                refused(status, words.isEmpty() ? "the provider answered with status " + status : words, settings);
        String whole = Json.text(document);
        return whole.length() > DOCUMENT_CHARS ? failure : withDocument(failure, whole, settings);
    }

    /** A number that looks like a credential leaves no JSON behind; then the message must do. */
    private static Failure withDocument(Failure failure, String document, Settings settings) {
        String masked = masker(settings).mask(document);
        try {
            return Json.tree(masked.getBytes(StandardCharsets.UTF_8)) == null ? failure : failure.detailJson(masked);
        } catch (JsonProcessingException e) {
            return failure;
        }
    }

    private static Masker masker(Settings settings) {
        return new Masker(settings.secrets().values());
    }

    /** The provider's own code is kept where it is a plain word: clients tell causes apart by it. */
    private static Failure coded(Failure failure, JsonNode error) {
        String code = error.path("code").asText("");
        return CODE.matcher(code).matches() ? failure.code(code) : failure;
    }

    private static Failure refused(int status, String message, Settings settings) {
        String shown = masker(settings).mask(message, MESSAGE_CHARS);
        boolean credential = status == 401 || status == 403;
        return Failure.upstream(status, credential ? "the provider refused the gateway's credential: " + shown : shown);
    }

    /** The text of an {@code error} member: OpenAI's object with a message, or a bare string. */
    private static String message(JsonNode error) {
        return error.isTextual() ? error.asText() : error.path("message").asText("");
    }

    /**
     * What a document without {@code error} says: {@code message} or {@code detail}, a text, or what FastAPI finds wrong
     * with a request, one after another.
     */
    private static String wordsOf(JsonNode document) {
        JsonNode message = document.path("message");
        if (message.isTextual()) {
            return message.asText();
        }
        JsonNode detail = message.has("detail") ? message.path("detail") : document.path("detail");
        List<String> words = new ArrayList<>();
        for (JsonNode wrong : detail) {
            List<String> place = new ArrayList<>();
            wrong.path("loc").forEach(step -> place.add(step.asText()));
            words.add(String.join(".", place)
                    + (place.isEmpty() ? "" : ": ")
                    + wrong.path("msg").asText());
        }
        return detail.isTextual() ? detail.asText() : String.join("; ", words);
    }

    private static String mediaType(String contentType) {
        int end = contentType.indexOf(';');
        return (end < 0 ? contentType : contentType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }
}
