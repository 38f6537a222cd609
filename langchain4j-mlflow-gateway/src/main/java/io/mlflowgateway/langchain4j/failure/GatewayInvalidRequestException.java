package io.mlflowgateway.langchain4j.failure;

import dev.langchain4j.exception.InvalidRequestException;
import org.jspecify.annotations.Nullable;

/** The request cannot be answered as it is: 4xx without an exception of their own, and redirects. */
public final class GatewayInvalidRequestException extends InvalidRequestException implements GatewayFailure {

    private final transient FailureDetails details;

    /**
     * Tells what happened.
     *
     * @param message without secrets
     * @param details of the call
     * @param cause what it came of
     */
    public GatewayInvalidRequestException(String message, FailureDetails details, @Nullable Throwable cause) {
        super(message, cause);
        this.details = details;
    }

    @Override
    public FailureDetails details() {
        return details;
    }
}
