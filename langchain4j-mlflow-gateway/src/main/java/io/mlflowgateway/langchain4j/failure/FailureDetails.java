package io.mlflowgateway.langchain4j.failure;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is known about a failed call.
 *
 * @param status of the answer, or what an error inside a stream stands for, 500 if it does not say; empty when there was
 *     no answer
 * @param code the server's word for the failure, such as {@code rate_limit_exceeded}
 * @param requestId the gateway's id of the exchange: the header {@code X-Request-Id}, or {@code X-Databricks-Request-Id}
 * @param route that was called
 * @param retryAfter how long the server asked to wait
 * @param source the header {@code X-Gateway-Error-Source}: {@code gateway} or {@code upstream}; empty when the server did
 *     not say, as it seldom can once a stream has begun
 * @param provider the header {@code X-Gateway-Provider}: whose model was asked; empty when the server did not say
 * @param attempts how many were made
 */
public record FailureDetails(
        OptionalInt status,
        Optional<String> code,
        Optional<String> requestId,
        Optional<String> route,
        Optional<Duration> retryAfter,
        Optional<String> source,
        Optional<String> provider,
        int attempts) {
    /**
     * Details of a call nobody answered.
     *
     * @param route that was called
     * @param attempts how many were made
     * @return details without anything else
     */
    public static FailureDetails unanswered(Optional<String> route, int attempts) {
        return new FailureDetails(
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty(),
                route,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                attempts);
    }
}
