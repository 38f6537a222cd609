package io.mlflowgateway.langchain4j.failure;

import dev.langchain4j.exception.AuthenticationException;
import org.jspecify.annotations.Nullable;

/** 401 or 403: the gateway refuses the caller, or the provider refuses the gateway; {@code source} tells which. */
public final class GatewayAuthenticationException extends AuthenticationException implements GatewayFailure {

    private final transient FailureDetails details;

    /**
     * Tells what happened.
     *
     * @param message without secrets
     * @param details of the call
     * @param cause what it came of
     */
    public GatewayAuthenticationException(String message, FailureDetails details, @Nullable Throwable cause) {
        super(message, cause);
        this.details = details;
    }

    @Override
    public FailureDetails details() {
        return details;
    }
}
