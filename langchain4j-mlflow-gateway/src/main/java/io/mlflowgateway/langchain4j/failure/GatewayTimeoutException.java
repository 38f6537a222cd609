package io.mlflowgateway.langchain4j.failure;

import dev.langchain4j.exception.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Something took too long: 408, 504, or one of the client's own timeouts. */
public final class GatewayTimeoutException extends TimeoutException implements GatewayFailure {

    private final transient FailureDetails details;

    /**
     * Tells what happened.
     *
     * @param message without secrets
     * @param details of the call
     * @param cause what it came of
     */
    public GatewayTimeoutException(String message, FailureDetails details, @Nullable Throwable cause) {
        super(message, cause);
        this.details = details;
    }

    @Override
    public FailureDetails details() {
        return details;
    }
}
