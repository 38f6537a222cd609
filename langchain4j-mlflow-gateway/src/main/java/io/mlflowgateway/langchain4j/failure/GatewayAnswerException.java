package io.mlflowgateway.langchain4j.failure;

import dev.langchain4j.exception.NonRetriableException;
import org.jspecify.annotations.Nullable;

/** The answer came but cannot be understood. Not repeated, as the call was made and may have been paid for. */
public final class GatewayAnswerException extends NonRetriableException implements GatewayFailure {

    private final transient FailureDetails details;

    /**
     * Tells what happened.
     *
     * @param message without secrets
     * @param details of the call
     * @param cause what it came of
     */
    public GatewayAnswerException(String message, FailureDetails details, @Nullable Throwable cause) {
        super(message, cause);
        this.details = details;
    }

    @Override
    public FailureDetails details() {
        return details;
    }
}
