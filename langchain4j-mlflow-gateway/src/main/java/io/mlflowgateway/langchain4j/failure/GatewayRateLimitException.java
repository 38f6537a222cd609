package io.mlflowgateway.langchain4j.failure;

import dev.langchain4j.exception.RateLimitException;
import org.jspecify.annotations.Nullable;

/** 429: too many calls or too many tokens. {@code retryAfter} tells when to come back. */
public final class GatewayRateLimitException extends RateLimitException implements GatewayFailure {

    private final transient FailureDetails details;

    /**
     * Tells what happened.
     *
     * @param message without secrets
     * @param details of the call
     * @param cause what it came of
     */
    public GatewayRateLimitException(String message, FailureDetails details, @Nullable Throwable cause) {
        super(message, cause);
        this.details = details;
    }

    @Override
    public FailureDetails details() {
        return details;
    }
}
