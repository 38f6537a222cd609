package io.mlflowgateway.server.upstream;

import io.mlflowgateway.server.config.UpstreamSettings;
import io.mlflowgateway.server.provider.Sender;
import io.mlflowgateway.server.provider.UpstreamRequest;
import io.mlflowgateway.server.provider.UpstreamResponse;
import io.mlflowgateway.server.query.Deadline;
import io.mlflowgateway.server.query.Notes;
import io.mlflowgateway.server.upstream.Endpoints.Endpoint;
import java.util.Optional;
import reactor.core.publisher.Mono;

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

    private static final Runnable NOTHING = () -> {};

    /** Connections made anew at most, one after the other, because the last closed before it was open. */
    private static final int CLOSED_EARLY = 2;

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
        return Mono.deferContextual(context -> begin(request, deadline, context.getOrEmpty(Notes.class)));
    }

    private Mono<UpstreamResponse> begin(UpstreamRequest request, Deadline deadline, Optional<Notes> notes) {
        Endpoint endpoint = endpoints.of(request.url());
        if (!endpoint.pool().enter()) {
            return alone(request, endpoint, deadline, notes, CLOSED_EARLY);
        }
        Exchange first = exchange(request, endpoint, deadline, notes, endpoint.pool()::leave);
        return first.run(endpoint.pooled())
                .onErrorResume(first::mayGoAgain, again -> alone(request, endpoint, deadline, notes, CLOSED_EARLY - 1))
                .onErrorMap(first::explain);
    }

    private Mono<UpstreamResponse> alone(
            UpstreamRequest request, Endpoint endpoint, Deadline deadline, Optional<Notes> notes, int more) {
        Exchange only = exchange(request, endpoint, deadline, notes, NOTHING);
        return only.run(endpoint.fresh())
                .onErrorResume(
                        thrown -> more > 0 && only.neverSent(thrown),
                        again -> alone(request, endpoint, deadline, notes, more - 1))
                .onErrorMap(only::explain);
    }

    private Exchange exchange(
            UpstreamRequest request, Endpoint endpoint, Deadline deadline, Optional<Notes> notes, Runnable whenOver) {
        return new Exchange(request, endpoint, settings, deadline, notes, memory.share(), transport.loop(), whenOver);
    }

    private static String version() {
        String version = HttpUpstream.class.getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }
}
