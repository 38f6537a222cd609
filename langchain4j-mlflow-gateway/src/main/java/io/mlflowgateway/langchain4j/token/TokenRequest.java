package io.mlflowgateway.langchain4j.token;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.RetriableException;
import io.mlflowgateway.langchain4j.token.OAuthTokenProvider.Grant;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Asks an identity server for one token, without waiting in a thread. */
final class TokenRequest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ANSWER_LIMIT_BYTES = 256 * 1024;
    private static final int WORDS_LIMIT = 300;
    /** RFC 6749 lets servers leave it out; what is then a safe guess. */
    private static final long UNTOLD_SECONDS = 300;
    /** So that no number a server writes is too large to count with. */
    private static final long LONGEST_SECONDS = TimeUnit.DAYS.toSeconds(365);

    private final TokenForm form;
    private final Duration timeout;
    private final HttpClient client;

    TokenRequest(TokenForm form, Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout must be more than zero, but is " + timeout);
        }
        this.form = form;
        this.timeout = timeout;
        this.client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(timeout)
                .build();
    }

    CompletableFuture<Grant> send() {
        CompletableFuture<HttpResponse<byte[]>> exchange =
                client.sendAsync(form.request(), head -> new LimitedBody(ANSWER_LIMIT_BYTES));
        return exchange.copy()
                .orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS)
                .handle((answer, failure) -> granted(exchange, answer, failure));
    }

    private Grant granted(
            CompletableFuture<?> exchange, @Nullable HttpResponse<byte[]> answer, @Nullable Throwable failure) {
        if (answer != null) {
            return read(answer);
        }
        exchange.cancel(true);
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        String why = cause instanceof TimeoutException ? "nothing within " + timeout : String.valueOf(cause);
        // The JDK's client quotes what it cannot read, and that may be our own form.
        String shown = form.masked(why);
        throw new RetriableException("No token from " + form + ": " + shown, shown.equals(why) ? cause : null);
    }

    private Grant read(HttpResponse<byte[]> answer) {
        int status = answer.statusCode();
        JsonNode json = parsed(answer.body());
        String token = json.path("access_token").asText("").strip();
        if (status == 200 && !token.chars().allMatch(character -> character > ' ' && character < 0x7f)) {
            throw new AuthenticationException("No token from " + form + ": what it gave is not one");
        }
        if (status == 200 && !token.isEmpty()) {
            long seconds = json.path("expires_in").asLong(UNTOLD_SECONDS);
            return new Grant(token, Duration.ofSeconds(Math.max(0, Math.min(seconds, LONGEST_SECONDS))));
        }
        String message = "No token from " + form + ": " + status + words(json);
        throw status == 408 || status == 429 || status >= 500
                ? new RetriableException(message)
                : new AuthenticationException(message);
    }

    /** The two words RFC 6749, section 5.2, has for a refusal; nothing else of the body, which may be a page. */
    private String words(JsonNode json) {
        String words = json.path("error").asText("") + " "
                + json.path("error_description").asText("");
        String shown = form.masked(words.strip());
        return shown.isEmpty() ? "" : " " + shown.substring(0, Math.min(shown.length(), WORDS_LIMIT));
    }

    private static JsonNode parsed(byte[] body) {
        try {
            JsonNode json = JSON.readTree(body);
            return json == null ? JSON.missingNode() : json;
        } catch (IOException notJson) {
            return JSON.missingNode();
        }
    }
}
