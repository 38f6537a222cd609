package io.mlflowgateway.langchain4j.failure;

import dev.langchain4j.exception.InternalServerException;
import org.jspecify.annotations.Nullable;

/** The gateway or the provider failed: 5xx other than 501 and 504. */
public final class GatewayInternalServerException extends InternalServerException implements GatewayFailure {

    private final transient FailureDetails details;

    /**
     * Tells what happened.
     *
     * @param message without secrets
     * @param details of the call
     * @param cause what it came of
     */
    public GatewayInternalServerException(String message, FailureDetails details, @Nullable Throwable cause) {
        super(message, cause);
        this.details = details;
    }

    @Override
    public FailureDetails details() {
        return details;
    }
}
