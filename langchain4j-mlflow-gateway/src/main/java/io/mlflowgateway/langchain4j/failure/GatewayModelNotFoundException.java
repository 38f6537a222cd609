package io.mlflowgateway.langchain4j.failure;

import dev.langchain4j.exception.ModelNotFoundException;
import org.jspecify.annotations.Nullable;

/** 404: there is no such route, or no gateway at this address. */
public final class GatewayModelNotFoundException extends ModelNotFoundException implements GatewayFailure {

    private final transient FailureDetails details;

    /**
     * Tells what happened.
     *
     * @param message without secrets
     * @param details of the call
     * @param cause what it came of
     */
    public GatewayModelNotFoundException(String message, FailureDetails details, @Nullable Throwable cause) {
        super(message, cause);
        this.details = details;
    }

    @Override
    public FailureDetails details() {
        return details;
    }
}
