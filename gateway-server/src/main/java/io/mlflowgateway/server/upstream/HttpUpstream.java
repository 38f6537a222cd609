package io.mlflowgateway.server.upstream;

import io.mlflowgateway.server.config.UpstreamSettings;
import io.mlflowgateway.server.provider.Sender;
import io.mlflowgateway.server.provider.UpstreamRequest;
import io.mlflowgateway.server.provider.UpstreamResponse;
import io.mlflowgateway.server.query.Deadline;
import io.mlflowgateway.server.upstream.Endpoints.Endpoint;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.ssl.SslContext;
import java.time.Duration;
import java.util.concurrent.Callable;
import reactor.core.publisher.Mono;
import reactor.netty.http.Http11SslContextSpec;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;

/**
 * The only HTTP client of the server. One request is one POST to one upstream: redirects are not followed, nothing is
 * retried, except that a request goes out a second time, on a new connection, when the pooled one turned out to have
 * been closed by the peer before any byte of the answer.
 *
 * <p>Everything waited for has a limit: a connection (name look-up and TLS included), the head of the answer, the last
 * byte of a whole one, the next event of a stream somebody wants, and the call as a whole. Everything held is capped.
 */
public final class HttpUpstream implements Sender, AutoCloseable {
    /** Pooled connections are let go before common servers do so: uvicorn closes after 5 s. */
    static final Duration MAX_IDLE = Duration.ofSeconds(4);

    /** Calls that may wait for a connection of one upstream when all are in use. */
    static final int MAX_WAITING = 1_000;

    /** Of the status line and of all headers of an answer together. */
    static final int STATUS_LINE_BYTES = 8 * 1024;

    static final int HEAD_BYTES = 32 * 1024;

    static final String USER_AGENT = "mlflow-gateway-java/" + version();

    private final ConnectionProvider pool;
    private final EventLoopGroup loops;
    private final UpstreamSettings settings;
    private final Endpoints endpoints;

    /**
     * @param loops shared with the server's edge, so that a call stays on one thread; not closed here
     * @param settings {@code connections} is per host, {@code responseBody} per answer and per event
     */
    public HttpUpstream(LoopResources loops, UpstreamSettings settings) {
        this(loops, settings, () -> Http11SslContextSpec.forClient().sslContext());
    }

    HttpUpstream(LoopResources loops, UpstreamSettings settings, Callable<SslContext> tls) {
        this.settings = settings;
        this.loops = loops.onClient(true);
        this.pool = ConnectionProvider.builder("upstream")
                .maxConnections(settings.connections())
                .pendingAcquireMaxCount(MAX_WAITING)
                .pendingAcquireTimeout(settings.connect())
                .maxIdleTime(MAX_IDLE)
                .evictInBackground(MAX_IDLE)
                .lifo()
                .build();
        this.endpoints = new Endpoints(
                client(HttpClient.create(pool), loops, settings),
                client(HttpClient.newConnection(), loops, settings),
                settings.tlsHandshake(),
                tls);
    }

    private static HttpClient client(HttpClient base, LoopResources loops, UpstreamSettings settings) {
        return base.runOn(loops)
                .protocol(HttpProtocol.HTTP11)
                .followRedirect(false)
                .disableRetry(true)
                .keepAlive(true)
                .compress(true)
                .noProxy()
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        settings.connect().toMillis())
                .resolver(names -> names.queryTimeout(settings.connect()))
                .httpResponseDecoder(
                        head -> head.maxInitialLineLength(STATUS_LINE_BYTES).maxHeaderSize(HEAD_BYTES))
                .doOnConnected(Answering::install);
    }

    @Override
    public Mono<UpstreamResponse> send(UpstreamRequest request, Deadline deadline) {
        return Mono.defer(() -> begin(request, deadline));
    }

    private Mono<UpstreamResponse> begin(UpstreamRequest request, Deadline deadline) {
        Endpoint endpoint = endpoints.of(request.url());
        Exchange first = exchange(request, endpoint, deadline);
        return first.run(endpoint.pooled())
                .onErrorResume(first::wasStale, stale -> again(request, endpoint, deadline))
                .onErrorMap(first::explain);
    }

    private Mono<UpstreamResponse> again(UpstreamRequest request, Endpoint endpoint, Deadline deadline) {
        Exchange second = exchange(request, endpoint, deadline);
        return second.run(endpoint.fresh()).onErrorMap(second::explain);
    }

    private Exchange exchange(UpstreamRequest request, Endpoint endpoint, Deadline deadline) {
        return new Exchange(request, endpoint, settings, deadline, loops.next());
    }

    private static String version() {
        String version = HttpUpstream.class.getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }

    /** Closes the pooled connections; exchanges under way fail. */
    @Override
    public void close() {
        pool.dispose();
    }
}
