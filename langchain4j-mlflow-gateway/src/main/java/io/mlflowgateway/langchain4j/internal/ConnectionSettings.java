package io.mlflowgateway.langchain4j.internal;

import io.mlflowgateway.langchain4j.token.TokenProvider;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How a gateway is reached, checked and complete.
 *
 * @param baseUrl where it is
 * @param token what is shown to it, asked once for each attempt
 * @param timeouts every wait
 * @param maxRetries attempts after the first
 * @param maxRetryAfter the longest pause a server may ask for
 * @param log what is written of requests and answers
 * @param customHeaders added to each request, asked once for each attempt
 * @param customQueryParams added to each address
 * @param shape which generation of the API is spoken; empty to ask
 */
public record ConnectionSettings(
        BaseUrl baseUrl,
        Optional<TokenProvider> token,
        Timeouts timeouts,
        int maxRetries,
        Duration maxRetryAfter,
        WireLog log,
        Optional<Supplier<Map<String, String>>> customHeaders,
        Map<String, String> customQueryParams,
        Optional<WireShape> shape) {

    /** Refuses a negative number of retries or pause. */
    public ConnectionSettings {
        if (maxRetries < 0) {
            throw new IllegalArgumentException("maxRetries must be zero or more, but is " + maxRetries);
        }
        if (maxRetryAfter.isNegative()) {
            throw new IllegalArgumentException("maxRetryAfter must be zero or more, but is " + maxRetryAfter);
        }
    }

    /** The address only. */
    @Override
    public String toString() {
        return "ConnectionSettings{" + baseUrl + "}";
    }
}
