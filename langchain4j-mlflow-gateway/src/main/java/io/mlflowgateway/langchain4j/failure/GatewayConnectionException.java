package io.mlflowgateway.langchain4j.failure;

import dev.langchain4j.exception.RetriableException;
import org.jspecify.annotations.Nullable;

/** The gateway was not reached, or the connection broke before the answer was whole. */
public final class GatewayConnectionException extends RetriableException implements GatewayFailure {

    private final transient FailureDetails details;

    /**
     * Tells what happened.
     *
     * @param message without secrets
     * @param details of the call
     * @param cause what it came of
     */
    public GatewayConnectionException(String message, FailureDetails details, @Nullable Throwable cause) {
        super(message, cause);
        this.details = details;
    }

    @Override
    public FailureDetails details() {
        return details;
    }
}
