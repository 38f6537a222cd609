package io.mlflowgateway.server.upstream;

import io.mlflowgateway.server.config.UpstreamSettings;
import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.transport.AddressUtils;

/**
 * The connections to one upstream that are made one way. Its idle ones are closed when the routes let go of it and the
 * last exchange on it is over, so none is closed under an exchange. Thread-safe.
 */
final class Pool {
    /** Pooled connections are let go before common servers do so: uvicorn closes after 5 s. */
    static final Duration MAX_IDLE = Duration.ofSeconds(4);

    /** Calls that may wait for a connection when all are in use. */
    static final int MAX_WAITING = 1_000;

    /**
     * How connections are made, and for whom.
     *
     * @param owner the route that has them for itself; empty for those that routes share
     * @param connections open to one upstream at once
     */
    record Way(Optional<String> owner, int connections, Duration connect, Duration tlsHandshake) {
        static Way of(Optional<String> owner, UpstreamSettings settings) {
            return new Way(owner, settings.connections(), settings.connect(), settings.tlsHandshake());
        }
    }

    /** An upstream, as far as a connection to it goes. */
    record Place(String host, int port, boolean secure) {
        /** @throws IllegalArgumentException when the URL is not an absolute http or https one */
        static Place of(URI url) {
            boolean secure = "https".equalsIgnoreCase(url.getScheme());
            if (url.getHost() == null || (!secure && !"http".equalsIgnoreCase(url.getScheme()))) {
                throw new IllegalArgumentException("not an absolute http or https URL");
            }
            int port = url.getPort() >= 0 ? url.getPort() : secure ? 443 : 80;
            return new Place(url.getHost(), port, secure);
        }

        private InetSocketAddress address() {
            return AddressUtils.createUnresolved(host.replace("[", "").replace("]", ""), port);
        }

        @Override
        public String toString() {
            return host + ":" + port;
        }
    }

    private final Way way;
    private final Place place;
    private final Transport transport;
    private final ConnectionProvider connections;
    private final HttpClient pooled;
    private final HttpClient fresh;

    /** The exchanges on it, and one more for the routes. */
    private final AtomicInteger users = new AtomicInteger(1);

    Pool(Way way, Place place, Transport transport) {
        this.way = way;
        this.place = place;
        this.transport = transport;
        this.connections = new LeavablePool(ConnectionProvider.builder("upstream")
                .maxConnections(way.connections())
                .pendingAcquireMaxCount(MAX_WAITING)
                .pendingAcquireTimeout(way.connect())
                .maxIdleTime(MAX_IDLE)
                .evictInBackground(MAX_IDLE)
                .lifo()
                .build());
        InetSocketAddress address = place.address();
        this.pooled =
                transport.client(HttpClient.create(connections), way.connect()).remoteAddress(() -> address);
        this.fresh = transport.client(HttpClient.newConnection(), way.connect()).remoteAddress(() -> address);
    }

    Place place() {
        return place;
    }

    /** An exchange begins. It must {@link #leave} once; false when there is nothing to enter any more. */
    boolean enter() {
        int now;
        do {
            now = users.get();
            if (now == 0) {
                return false;
            }
        } while (!users.compareAndSet(now, now + 1));
        return true;
    }

    /** An exchange is over, or the routes let go. */
    void leave() {
        if (users.decrementAndGet() == 0) {
            connections.dispose();
        }
    }

    /** Closes the idle connections at once; exchanges that wait for one fail. */
    void close() {
        connections.dispose();
    }

    /** Posts over a connection of the pool. */
    Mono<HttpClient.RequestSender> pooled(String pathAndQuery) {
        return sender(pooled, pathAndQuery);
    }

    /** Posts over a connection of its own. */
    Mono<HttpClient.RequestSender> fresh(String pathAndQuery) {
        return sender(fresh, pathAndQuery);
    }

    private Mono<HttpClient.RequestSender> sender(HttpClient client, String pathAndQuery) {
        return place.secure()
                ? transport
                        .tls()
                        .map(context -> secured(client, context).post().uri(pathAndQuery))
                        .cacheInvalidateIf(sender -> false)
                : Mono.just(client.post().uri(pathAndQuery));
    }

    private HttpClient secured(HttpClient client, SslContext context) {
        return client.secure(spec -> spec.sslContext(context).handshakeTimeout(way.tlsHandshake()));
    }
}
