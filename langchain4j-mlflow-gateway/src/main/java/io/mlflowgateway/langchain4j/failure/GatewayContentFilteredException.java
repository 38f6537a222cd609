package io.mlflowgateway.langchain4j.failure;

import dev.langchain4j.exception.ContentFilteredException;
import org.jspecify.annotations.Nullable;

/** The provider or a guard refused to answer because of what was asked or said. */
public final class GatewayContentFilteredException extends ContentFilteredException implements GatewayFailure {

    private final transient FailureDetails details;

    /**
     * Tells what happened.
     *
     * @param message without secrets
     * @param details of the call
     * @param cause what it came of
     */
    public GatewayContentFilteredException(String message, FailureDetails details, @Nullable Throwable cause) {
        super(message, cause);
        this.details = details;
    }

    @Override
    public FailureDetails details() {
        return details;
    }
}
