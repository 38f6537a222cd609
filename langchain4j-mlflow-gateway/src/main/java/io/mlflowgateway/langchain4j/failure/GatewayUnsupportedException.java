package io.mlflowgateway.langchain4j.failure;

import dev.langchain4j.exception.UnsupportedFeatureException;
import org.jspecify.annotations.Nullable;

/** 501: the provider behind the route does not offer what was asked for. */
public final class GatewayUnsupportedException extends UnsupportedFeatureException implements GatewayFailure {

    private final transient FailureDetails details;

    /**
     * Tells what happened.
     *
     * @param message without secrets
     * @param details of the call
     * @param cause what it came of
     */
    public GatewayUnsupportedException(String message, FailureDetails details, @Nullable Throwable cause) {
        super(message);
        this.details = details;
        if (cause != null) {
            initCause(cause);
        }
    }

    @Override
    public FailureDetails details() {
        return details;
    }
}
