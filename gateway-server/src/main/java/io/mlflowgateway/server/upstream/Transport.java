package io.mlflowgateway.server.upstream;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.NoopAddressResolverGroup;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.Http11SslContextSpec;
import reactor.netty.resources.LoopResources;
import reactor.netty.transport.NameResolverProvider;

/** What the connections to all upstreams share: threads, the look-up of names, TLS. */
final class Transport implements AutoCloseable {
    /** Of one query to a name server. Whoever waits for it does so within the connect limit. */
    private static final Duration NAME_QUERY = Duration.ofSeconds(5);

    private final EventLoopGroup group;
    private final Class<? extends Channel> socket;
    private final List<EventLoop> loops;
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
        this.group = loops.onClient(true);
        this.socket = loops.onChannelClass(SocketChannel.class, group);
        this.loops = new ArrayList<>();
        group.forEach(loop -> this.loops.add((EventLoop) loop));
        this.names = names;
        // Reading the trust store blocks, so not on an event loop and not at start.
        this.tls =
                Mono.fromCallable(tls).subscribeOn(Schedulers.boundedElastic()).cacheInvalidateIf(made -> false);
    }

    static AddressResolverGroup<InetSocketAddress> names(LoopResources loops) {
        return NameResolverProvider.builder().queryTimeout(NAME_QUERY).build().newNameResolverGroup(loops, true);
    }

    /** The loop of the calling thread, if it is one, otherwise any. */
    EventLoop loop() {
        return group.next();
    }

    /** All there are. */
    List<EventLoop> loops() {
        return loops;
    }

    Mono<SslContext> tls() {
        return tls;
    }

    /** The addresses of a name, best first, as the resolver knows them now. */
    Future<List<InetSocketAddress>> addresses(EventLoop loop, InetSocketAddress unresolved) {
        return names.getResolver(loop).resolveAll(unresolved);
    }

    /** Connects to an address, with a channel that is read only when told to, and has no handlers yet. */
    Bootstrap bootstrap(EventLoop loop, Duration connect) {
        return new Bootstrap()
                .group(loop)
                .channel(socket)
                .resolver(NoopAddressResolverGroup.INSTANCE)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) connect.toMillis())
                .handler(new NoHandlers());
    }

    @Override
    public void close() {
        names.close();
    }

    /** They follow when the connection is there. */
    private static final class NoHandlers extends ChannelInitializer<Channel> {
        @Override
        protected void initChannel(Channel channel) {}
    }
}
