package io.mlflowgateway.langchain4j.internal;

import dev.langchain4j.exception.HttpException;
import dev.langchain4j.exception.LangChain4jException;
import dev.langchain4j.exception.RetriableException;
import io.mlflowgateway.langchain4j.failure.FailureDetails;
import io.mlflowgateway.langchain4j.failure.GatewayAnswerException;
import io.mlflowgateway.langchain4j.failure.GatewayAuthenticationException;
import io.mlflowgateway.langchain4j.failure.GatewayConnectionException;
import io.mlflowgateway.langchain4j.failure.GatewayContentFilteredException;
import io.mlflowgateway.langchain4j.failure.GatewayInternalServerException;
import io.mlflowgateway.langchain4j.failure.GatewayInvalidRequestException;
import io.mlflowgateway.langchain4j.failure.GatewayModelNotFoundException;
import io.mlflowgateway.langchain4j.failure.GatewayRateLimitException;
import io.mlflowgateway.langchain4j.failure.GatewayTimeoutException;
import io.mlflowgateway.langchain4j.failure.GatewayUnresolvedException;
import io.mlflowgateway.langchain4j.failure.GatewayUnsupportedException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Turns what went wrong in one attempt into LangChain4j's exception for it. */
final class Failures {

    private static final String SOURCE = "X-Gateway-Error-Source";
    private static final int MESSAGE_LIMIT = 2_000;

    private final BaseUrl baseUrl;
    private final Invocation call;
    private final TransportRequest request;
    private final int attempt;

    Failures(BaseUrl baseUrl, Invocation call, TransportRequest request, int attempt) {
        this.baseUrl = baseUrl;
        this.call = call;
        this.request = request;
        this.attempt = attempt;
    }

    /** A call that could not be made for want of a token. */
    static RuntimeException withoutToken(BaseUrl baseUrl, Invocation call, int attempt, Throwable cause) {
        String message = "No token to call " + called(call, baseUrl) + " with: " + Causes.message(cause);
        FailureDetails details = FailureDetails.unanswered(call.route(), attempt);
        return cause instanceof RetriableException || cause instanceof TimeoutException
                ? new GatewayConnectionException(message, details, cause)
                : new GatewayAuthenticationException(message, details, cause);
    }

    /** An answer that refuses. */
    RuntimeException refused(ResponseHead head, byte[] body) {
        ErrorBody error = ErrorBody.read(head, body);
        String told = head.status() + " " + readable(error);
        return ofStatus(
                head.status(),
                routeUnknown(head, error) ? "no such route, or another dialect is spoken there (" + told + ")" : told,
                details(head, head.status(), error),
                error);
    }

    /** An error told inside a stream, after a successful head. */
    RuntimeException inBand(ResponseHead head, SseEvent event) {
        ErrorBody error = ErrorBody.read(event.data());
        int status = error.statusOr(500);
        String told = status + " in the stream: " + readable(error);
        return ofStatus(status, told, details(head, status, error), error);
    }

    /** An answer that is not what was asked for. */
    RuntimeException notUnderstood(ResponseHead head, String what) {
        return new GatewayAnswerException(prefix() + masked(what), details(head, head.status(), ErrorBody.NONE), null);
    }

    /** An answer that the model, or the server between, does not give. */
    RuntimeException withheld(ResponseHead head, WithheldAnswer answer) {
        FailureDetails details = details(head, head.status(), ErrorBody.NONE);
        String reason = masked(answer.reason());
        return answer.by() == WithheldAnswer.By.MODEL
                ? new GatewayContentFilteredException(reason, details, null)
                : new GatewayUnsupportedException(reason, details, null);
    }

    /** A stream whose end came before the end of the answer. */
    RuntimeException cutShort(ResponseHead head) {
        return new GatewayConnectionException(
                prefix() + "the stream ended before the answer was complete",
                details(head, head.status(), ErrorBody.NONE),
                null);
    }

    /** An event that is not JSON: cut off in the middle, or not meant for us. */
    RuntimeException garbled(ResponseHead head) {
        return new GatewayConnectionException(
                prefix() + "an event of the stream is broken off or not JSON",
                details(head, head.status(), ErrorBody.NONE),
                null);
    }

    /** Whatever the transport threw; what is already ours stays. */
    Throwable broken(Throwable cause) {
        if (cause instanceof NumberFormatException) {
            // The JDK's client reads Content-Length so.
            return new GatewayConnectionException(
                    "No answer from " + called() + ": a number in it is none", unanswered(), discreet(cause));
        }
        if (cause instanceof LangChain4jException || cause instanceof IllegalArgumentException) {
            return cause;
        }
        FailureDetails details = unanswered();
        if (cause instanceof UnreadableAnswer unreadable) {
            return new GatewayAnswerException(prefix() + masked(unreadable.reason()), details, null);
        }
        if (Causes.has(cause, UnresolvedAddressException.class) || Causes.has(cause, UnknownHostException.class)) {
            return new GatewayUnresolvedException("The host of " + baseUrl + " cannot be resolved", details, cause);
        }
        if (Causes.has(cause, TimeoutException.class)
                || Causes.has(cause, HttpTimeoutException.class)
                || Causes.has(cause, dev.langchain4j.exception.TimeoutException.class)) {
            return new GatewayTimeoutException(
                    "Timed out calling " + called() + ": " + masked(Causes.message(cause)), details, discreet(cause));
        }
        if (Causes.has(cause, ConnectException.class)) {
            return new GatewayConnectionException("No answer from " + baseUrl + ": connection refused", details, cause);
        }
        if (Causes.has(cause, IOException.class)) {
            return new GatewayConnectionException(
                    "No answer from " + called() + ": " + masked(Causes.message(cause)), details, discreet(cause));
        }
        return cause;
    }

    private RuntimeException ofStatus(int status, String told, FailureDetails details, ErrorBody error) {
        String message = prefix() + told;
        HttpException cause = new HttpException(status, told);
        if (error.filtered()) {
            return new GatewayContentFilteredException(message, details, cause);
        }
        return switch (status) {
            case 401, 403 -> new GatewayAuthenticationException(message, details, cause);
            case 404 -> new GatewayModelNotFoundException(message, details, cause);
            case 408, 504 -> new GatewayTimeoutException(message, details, cause);
            case 429 -> new GatewayRateLimitException(message, details, cause);
            case 501 -> new GatewayUnsupportedException(message, details, cause);
            default ->
                status >= 500
                        ? new GatewayInternalServerException(message, details, cause)
                        : new GatewayInvalidRequestException(message, details, cause);
        };
    }

    /** FastAPI answers a path it does not know with no more than "Not Found"; the path was right but for the route. */
    private boolean routeUnknown(ResponseHead head, ErrorBody error) {
        boolean upstream = head.header(SOURCE).filter("upstream"::equals).isPresent();
        return head.status() == 404 && call.route().isPresent() && !upstream && error.bare();
    }

    private FailureDetails details(ResponseHead head, int status, ErrorBody error) {
        HeadFacts facts = new HeadFacts(head);
        return new FailureDetails(
                OptionalInt.of(status),
                error.code(),
                facts.requestId(),
                call.route(),
                RetryAfter.of(head),
                head.header(SOURCE),
                facts.provider(),
                attempt);
    }

    private FailureDetails unanswered() {
        return FailureDetails.unanswered(call.route(), attempt);
    }

    private String prefix() {
        return call.route()
                .map(route -> "Route '" + route + "' at " + baseUrl + ": ")
                .orElse(where() + ": ");
    }

    /** What the user called: the paths of lists are ours as often as theirs. */
    private String called() {
        return called(call, baseUrl);
    }

    private static String called(Invocation call, BaseUrl baseUrl) {
        return call.route().map(route -> "route '" + route + "' at ").orElse("") + baseUrl;
    }

    private String where() {
        return baseUrl.host() + Optional.ofNullable(request.uri().getPath()).orElse("");
    }

    private String masked(String text) {
        return SecretWords.masked(text, request);
    }

    /** A server's words at a readable length; cut last, as half a secret would not be found. */
    private String readable(ErrorBody error) {
        String shown = masked(error.message());
        return shown.length() <= MESSAGE_LIMIT ? shown : shown.substring(0, MESSAGE_LIMIT) + "...";
    }

    /** The JDK's client quotes what it cannot read, and that may be our own request: then its words go no further. */
    private @Nullable Throwable discreet(Throwable cause) {
        return Causes.messages(cause).allMatch(told -> told.equals(SecretWords.masked(told, request))) ? cause : null;
    }
}
