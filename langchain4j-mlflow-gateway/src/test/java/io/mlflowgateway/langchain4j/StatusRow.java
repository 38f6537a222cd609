package io.mlflowgateway.langchain4j;

import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.LangChain4jException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.TimeoutException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import io.mlflowgateway.langchain4j.failure.GatewayAuthenticationException;
import io.mlflowgateway.langchain4j.failure.GatewayInternalServerException;
import io.mlflowgateway.langchain4j.failure.GatewayInvalidRequestException;
import io.mlflowgateway.langchain4j.failure.GatewayModelNotFoundException;
import io.mlflowgateway.langchain4j.failure.GatewayRateLimitException;
import io.mlflowgateway.langchain4j.failure.GatewayTimeoutException;
import io.mlflowgateway.langchain4j.failure.GatewayUnsupportedException;

/** What becomes of each status an answer may have: the test of it and the table of the documentation are made from this. */
enum StatusRow {
    REDIRECTS(
            302,
            GatewayInvalidRequestException.class,
            InvalidRequestException.class,
            false,
            "a redirect; never followed, as credentials would go along"),
    INVALID(
            400,
            GatewayInvalidRequestException.class,
            InvalidRequestException.class,
            false,
            "the request is refused as it is"),
    UNAUTHENTICATED(
            401,
            GatewayAuthenticationException.class,
            AuthenticationException.class,
            false,
            "no valid credential; a `tokenProvider` is asked for another token once"),
    FORBIDDEN(
            403,
            GatewayAuthenticationException.class,
            AuthenticationException.class,
            false,
            "a credential that may not do this"),
    MISSING(
            404,
            GatewayModelNotFoundException.class,
            ModelNotFoundException.class,
            false,
            "no such route, or no such model behind it"),
    METHOD(405, GatewayInvalidRequestException.class, InvalidRequestException.class, false, "not a path for this"),
    REQUEST_TIMEOUT(408, GatewayTimeoutException.class, TimeoutException.class, true, "the request came too slowly"),
    CONFLICT(
            409,
            GatewayInvalidRequestException.class,
            InvalidRequestException.class,
            false,
            "the request does not fit the state of things"),
    TOO_LARGE(
            413,
            GatewayInvalidRequestException.class,
            InvalidRequestException.class,
            false,
            "the request is too large"),
    UNPROCESSABLE(
            422,
            GatewayInvalidRequestException.class,
            InvalidRequestException.class,
            false,
            "a field of the request is wrong"),
    LIMITED(429, GatewayRateLimitException.class, RateLimitException.class, true, "too many calls or tokens"),
    BUG(500, GatewayInternalServerException.class, InternalServerException.class, true, "the server failed"),
    NOT_IMPLEMENTED(
            501,
            GatewayUnsupportedException.class,
            UnsupportedFeatureException.class,
            false,
            "the server cannot do this and will not later"),
    UNREACHABLE(
            502,
            GatewayInternalServerException.class,
            InternalServerException.class,
            true,
            "the gateway did not reach the provider, or did not understand it"),
    UNAVAILABLE(
            503, GatewayInternalServerException.class, InternalServerException.class, true, "overloaded, or stopping"),
    UPSTREAM_TIMEOUT(504, GatewayTimeoutException.class, TimeoutException.class, true, "the provider was too slow"),
    OVERLOADED(
            529,
            GatewayInternalServerException.class,
            InternalServerException.class,
            true,
            "the provider is overloaded");

    private final int status;
    private final Class<? extends LangChain4jException> type;
    private final Class<? extends LangChain4jException> common;
    private final boolean repeated;
    private final String meaning;

    StatusRow(
            int status,
            Class<? extends LangChain4jException> type,
            Class<? extends LangChain4jException> common,
            boolean repeated,
            String meaning) {
        this.status = status;
        this.type = type;
        this.common = common;
        this.repeated = repeated;
        this.meaning = meaning;
    }

    int status() {
        return status;
    }

    /** Our exception. */
    Class<? extends LangChain4jException> type() {
        return type;
    }

    /** LangChain4j's exception, which ours is one of. */
    Class<? extends LangChain4jException> common() {
        return common;
    }

    int attempts(int maxRetries) {
        return repeated ? maxRetries + 1 : 1;
    }

    String meaning() {
        return meaning;
    }
}
