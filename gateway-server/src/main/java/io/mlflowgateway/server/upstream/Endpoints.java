package io.mlflowgateway.server.upstream;

import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.client.HttpClient;
import reactor.netty.transport.AddressUtils;

/**
 * What is worked out once per URL: address, path and client. URLs come from the configuration only, so there are few;
 * names are looked up by the transport each time it connects.
 */
final class Endpoints {
    /** More than one configuration has; a bound for what reloads leave behind. */
    private static final int KEPT = 10_000;

    /**
     * A URL that is posted to.
     *
     * @param host with port, for messages
     * @param pooled sends over the pool
     * @param fresh sends over a connection of its own
     */
    record Endpoint(
            String host, boolean secure, Mono<HttpClient.RequestSender> pooled, Mono<HttpClient.RequestSender> fresh) {}

    private final Map<String, Endpoint> byUrl = new ConcurrentHashMap<>();
    private final HttpClient pooled;
    private final HttpClient fresh;
    private final Duration tlsHandshake;
    private final Mono<SslContext> tls;

    /** @param tls makes the TLS context, once, when the first https URL is called; may block */
    Endpoints(HttpClient pooled, HttpClient fresh, Duration tlsHandshake, Callable<SslContext> tls) {
        this.pooled = pooled;
        this.fresh = fresh;
        this.tlsHandshake = tlsHandshake;
        // Reading the trust store blocks, so not on an event loop and not at start.
        this.tls =
                Mono.fromCallable(tls).subscribeOn(Schedulers.boundedElastic()).cacheInvalidateIf(made -> false);
    }

    /** @throws IllegalArgumentException when the URL is not an absolute http or https one */
    Endpoint of(String url) {
        Endpoint known = byUrl.get(url);
        if (known != null) {
            return known;
        }
        Endpoint made = make(URI.create(url));
        if (byUrl.size() >= KEPT) {
            byUrl.clear();
        }
        byUrl.put(url, made);
        return made;
    }

    private Endpoint make(URI url) {
        boolean secure = "https".equalsIgnoreCase(url.getScheme());
        if (url.getHost() == null || (!secure && !"http".equalsIgnoreCase(url.getScheme()))) {
            throw new IllegalArgumentException("not an absolute http or https URL");
        }
        int port = url.getPort() >= 0 ? url.getPort() : secure ? 443 : 80;
        String host = url.getHost().replace("[", "").replace("]", "");
        InetSocketAddress address = AddressUtils.createUnresolved(host, port);
        String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        String pathAndQuery = url.getRawQuery() == null ? path : path + "?" + url.getRawQuery();
        return new Endpoint(
                url.getHost() + ":" + port,
                secure,
                sender(pooled.remoteAddress(() -> address), secure, pathAndQuery),
                sender(fresh.remoteAddress(() -> address), secure, pathAndQuery));
    }

    private Mono<HttpClient.RequestSender> sender(HttpClient client, boolean secure, String pathAndQuery) {
        return secure
                ? tls.map(context -> secured(client, context).post().uri(pathAndQuery))
                        .cacheInvalidateIf(sender -> false)
                : Mono.just(client.post().uri(pathAndQuery));
    }

    private HttpClient secured(HttpClient client, SslContext context) {
        return client.secure(spec -> spec.sslContext(context).handshakeTimeout(tlsHandshake));
    }
}
