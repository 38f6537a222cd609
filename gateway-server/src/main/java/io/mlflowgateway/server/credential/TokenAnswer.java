package io.mlflowgateway.server.credential;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.provider.UpstreamResponse;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.secret.Masker;
import io.mlflowgateway.server.secret.Secret;
import java.time.Duration;
import java.util.Collection;
import java.util.regex.Pattern;

/**
 * What a token endpoint answered: RFC 6749, sections 5.1 and 5.2.
 *
 * @param life as the endpoint says, between a second and a day
 */
record TokenAnswer(Secret token, Duration life) {
    /** How long a token is taken to be good where nothing is said of it. */
    static final Duration USUAL_LIFE = Duration.ofMinutes(5);

    private static final int MOST_BYTES = 64 * 1024;
    private static final int DESCRIPTION_CHARS = 300;
    private static final Pattern VISIBLE = Pattern.compile("[\\x21-\\x7e]+");
    private static final Pattern ERROR = Pattern.compile("[a-z_]{1,64}");
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,12}");

    /**
     * Reads the answer.
     *
     * @throws Failure where it holds no token; whoever is shown it learns no more than the endpoint's error word, the rest
     *     is in its cause
     */
    static TokenAnswer of(UpstreamResponse response, Collection<Secret> secrets) {
        if (!(response instanceof UpstreamResponse.Whole answer) || answer.body().length > MOST_BYTES) {
            throw invalid("an answer of another sort or size");
        }
        JsonNode document = document(answer.body());
        if (answer.status() < 200 || answer.status() > 299) {
            throw refused(answer.status(), document, new Masker(secrets));
        }
        String token = document.path("access_token").asText("");
        String type = document.path("token_type").asText("bearer");
        if (!VISIBLE.matcher(token).matches() || !type.equalsIgnoreCase("bearer")) {
            throw invalid("an answer without a bearer token");
        }
        return new TokenAnswer(new Secret(token), life(document.path("expires_in")));
    }

    /** Nothing where it is not JSON: the status says enough then. */
    private static JsonNode document(byte[] body) {
        try {
            return Json.tree(body);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    /** Some write it as a text. */
    private static Duration life(JsonNode seconds) {
        if (seconds.isMissingNode() || seconds.isNull()) {
            return USUAL_LIFE;
        }
        String text = seconds.asText("");
        if (!SECONDS.matcher(text).matches() || Long.parseLong(text) == 0) {
            throw invalid("an answer that does not say in seconds how long its token is good");
        }
        Duration life = Duration.ofSeconds(Long.parseLong(text));
        return life.compareTo(Token.MOST_LIFE) > 0 ? Token.MOST_LIFE : life;
    }

    private static Failure refused(int status, JsonNode document, Masker masker) {
        String error = document.path("error").asText("");
        String word = ERROR.matcher(error).matches() ? " " + error : "";
        String shown = masker.mask(document.path("error_description").asText("no description"), DESCRIPTION_CHARS);
        Failure failure =
                Failure.of(Failure.Kind.UPSTREAM_INVALID, "status " + status + word, new IllegalStateException(shown));
        // Of the others the caller's own request is not the cause, as it would be of a 400.
        return status == 408 || status == 429 || status >= 500 ? failure.answered(status) : failure;
    }

    private static Failure invalid(String what) {
        return Failure.of(Failure.Kind.UPSTREAM_INVALID, what);
    }
}
