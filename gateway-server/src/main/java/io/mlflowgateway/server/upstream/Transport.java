package io.mlflowgateway.server.upstream;

import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.ssl.SslContext;
import io.netty.resolver.AddressResolverGroup;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Callable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.Http11SslContextSpec;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.LoopResources;
import reactor.netty.transport.NameResolverProvider;

/** What the clients of all upstreams share: threads, the look-up of names, TLS. */
final class Transport implements AutoCloseable {
    /** Of one query to a name server. Whoever waits for it does so within the connect limit. */
    private static final Duration NAME_QUERY = Duration.ofSeconds(5);

    /** Of the status line and of all headers of an answer together. */
    private static final int STATUS_LINE_BYTES = 8 * 1024;

    private static final int HEAD_BYTES = 32 * 1024;

    private final LoopResources loops;
    private final EventLoopGroup group;
    private final AddressResolverGroup<InetSocketAddress> names;
    private final Mono<SslContext> tls;

    /** @param loops shared with the server's edge, so that a call stays on one thread; not closed here */
    Transport(LoopResources loops) {
        this(loops, names(loops), () -> Http11SslContextSpec.forClient().sslContext());
    }

    /**
     * @param names closed with this
     * @param tls makes the TLS context, once, when the first https URL is called; may block
     */
    Transport(LoopResources loops, AddressResolverGroup<InetSocketAddress> names, Callable<SslContext> tls) {
        this.loops = loops;
        this.group = loops.onClient(true);
        this.names = names;
        // Reading the trust store blocks, so not on an event loop and not at start.
        this.tls =
                Mono.fromCallable(tls).subscribeOn(Schedulers.boundedElastic()).cacheInvalidateIf(made -> false);
        // The first client there is reads files for its classes: here, and not at the first call, on an event loop.
        HttpClient unused = client(HttpClient.newConnection(), Duration.ofSeconds(1));
    }

    static AddressResolverGroup<InetSocketAddress> names(LoopResources loops) {
        return NameResolverProvider.builder().queryTimeout(NAME_QUERY).build().newNameResolverGroup(loops, true);
    }

    /** The loop of the calling thread, if it is one, otherwise any. */
    EventLoop loop() {
        return group.next();
    }

    Mono<SslContext> tls() {
        return tls;
    }

    /** The client with all settings but where it calls. */
    HttpClient client(HttpClient base, Duration connect) {
        return base.runOn(loops)
                .protocol(HttpProtocol.HTTP11)
                .followRedirect(false)
                .disableRetry(true)
                .keepAlive(true)
                .compress(true)
                .noProxy()
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) connect.toMillis())
                .resolver(names)
                .httpResponseDecoder(
                        head -> head.maxInitialLineLength(STATUS_LINE_BYTES).maxHeaderSize(HEAD_BYTES))
                .doOnChannelInit(Exchange::begins)
                .doOnConnected(Answering::install);
    }

    @Override
    public void close() {
        names.close();
    }
}
