package io.mlflowgateway.langchain4j.internal;

import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How a gateway is reached, checked and complete.
 *
 * @param baseUrl where it is
 * @param apiKey what is shown to it, asked once for each attempt
 * @param timeouts every wait
 * @param maxRetries attempts after the first
 * @param log what is written of requests and answers
 * @param customHeaders added to each request, asked once for each attempt
 * @param customQueryParams added to each address
 * @param shape which generation of the API is spoken; empty to ask
 */
public record ConnectionSettings(
        BaseUrl baseUrl,
        Optional<Supplier<String>> apiKey,
        Timeouts timeouts,
        int maxRetries,
        WireLog log,
        Optional<Supplier<Map<String, String>>> customHeaders,
        Map<String, String> customQueryParams,
        Optional<WireShape> shape) {

    /** Refuses a negative number of retries. */
    public ConnectionSettings {
        if (maxRetries < 0) {
            throw new IllegalArgumentException("maxRetries must be zero or more, but is " + maxRetries);
        }
    }

    /** The address only. */
    @Override
    public String toString() {
        return "ConnectionSettings{" + baseUrl + "}";
    }
}
