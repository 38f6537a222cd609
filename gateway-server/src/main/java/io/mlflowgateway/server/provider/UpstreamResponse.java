package io.mlflowgateway.server.provider;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import reactor.core.publisher.Flux;

/** What an upstream answered. */
public sealed interface UpstreamResponse {
    /**
     * The headers that providers ask for, in lower case: the kind of Amazon's errors, Amazon's and TGI's counts of tokens,
     * and OpenAI's and Azure's {@code Retry-After} in milliseconds.
     */
    List<String> KEPT_HEADERS = List.of(
            "x-amzn-errortype",
            "x-prompt-tokens",
            "x-amzn-bedrock-input-token-count",
            "x-amzn-bedrock-output-token-count",
            RetryAfter.MILLIS);

    /** 100..599. Redirects arrive here as they are: they are never followed. */
    int status();

    /** The {@code Retry-After} header. */
    Optional<String> retryAfter();

    /**
     * An answer that has come in whole, within the size limit.
     *
     * @param contentType as sent, empty when absent
     * @param headers those of {@link #KEPT_HEADERS} that came, by these names; of one that came twice, the first
     */
    record Whole(int status, Optional<String> retryAfter, String contentType, byte[] body, Map<String, String> headers)
            implements UpstreamResponse {
        public Whole {
            headers = Map.copyOf(headers);
        }

        /** One without any of these headers. */
        public Whole(int status, Optional<String> retryAfter, String contentType, byte[] body) {
            this(status, retryAfter, contentType, body, Map.of());
        }

        /** @throws IllegalArgumentException for a name that is none of {@link #KEPT_HEADERS}: it would never be there */
        public Optional<String> header(String name) {
            if (!KEPT_HEADERS.contains(name)) {
                throw new IllegalArgumentException(name + " is not kept");
            }
            return Optional.ofNullable(headers.get(name));
        }

        /** Headers and body are the upstream's words. */
        @Override
        public String toString() {
            return "Whole[" + status + ", " + body.length + " bytes]";
        }
    }

    /**
     * A 2xx event stream. The flux ends when the upstream ended cleanly, whether or not the stream was complete; a cut
     * connection, a stall or a broken limit is a {@code Failure}. Subscribed once; cancelling closes the connection.
     */
    record Events(int status, Optional<String> retryAfter, Flux<SseEvent> events) implements UpstreamResponse {}
}
