package io.mlflowgateway.server.upstream;

import io.mlflowgateway.server.config.UpstreamSettings;
import io.mlflowgateway.server.provider.Sender;
import io.mlflowgateway.server.provider.UpstreamRequest;
import io.mlflowgateway.server.provider.UpstreamResponse;
import io.mlflowgateway.server.query.Deadline;
import io.mlflowgateway.server.upstream.Endpoints.Endpoint;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/**
 * The only HTTP client of the server. One request is one POST to one upstream: redirects are not followed, nothing is
 * retried, except that a request goes out a second time, on a new connection, when the pooled one turned out to have
 * been closed by the peer before any byte of the answer, and that a connection which closes before it is open is made
 * anew.
 *
 * <p>Everything waited for has a limit: a connection (name look-up and TLS included), the head of the answer, the last
 * byte of a whole one, the next event of a stream somebody wants, and the call as a whole. Everything held is capped.
 */
final class HttpUpstream implements Sender {
    static final String USER_AGENT = "mlflow-gateway-java/" + version();

    private final Endpoints endpoints;
    private final UpstreamSettings settings;
    private final Transport transport;
    private final AnswerMemory memory;

    /**
     * @param settings {@code connections} is per host, {@code responseBody} per answer and per event
     * @param memory shared by all answers of all upstreams
     */
    HttpUpstream(Endpoints endpoints, UpstreamSettings settings, Transport transport, AnswerMemory memory) {
        this.endpoints = endpoints;
        this.settings = settings;
        this.transport = transport;
        this.memory = memory;
    }

    Endpoints endpoints() {
        return endpoints;
    }

    /** The notes in the subscriber's context hold what a whole answer takes of the memory, to the end of the call. */
    @Override
    public Mono<UpstreamResponse> send(UpstreamRequest request, Deadline deadline) {
        return new Sending(request, deadline);
    }

    private final class Sending extends Mono<UpstreamResponse> {
        private final UpstreamRequest request;
        private final Deadline deadline;

        Sending(UpstreamRequest request, Deadline deadline) {
            this.request = request;
            this.deadline = deadline;
        }

        @Override
        public void subscribe(CoreSubscriber<? super UpstreamResponse> actual) {
            Endpoint endpoint;
            try {
                endpoint = endpoints.of(request.url());
            } catch (IllegalArgumentException e) {
                Operators.error(actual, e);
                return;
            }
            actual.onSubscribe(
                    new Exchange(request, endpoint, settings, deadline, memory.share(), actual, transport.loop()));
        }
    }

    private static String version() {
        String version = HttpUpstream.class.getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }
}
