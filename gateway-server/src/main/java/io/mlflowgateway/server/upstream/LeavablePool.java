package io.mlflowgateway.server.upstream;

import io.netty.resolver.AddressResolverGroup;
import java.net.SocketAddress;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.ConnectionObserver;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.transport.TransportConfig;

/**
 * A pool whose line can be left. The transport never takes back that it asked for a connection: it would keep a leaver's
 * place, and close the connection that comes to it in the end. Here the exchange gets hold of its place itself.
 */
final class LeavablePool implements ConnectionProvider {
    private final ConnectionProvider pool;

    LeavablePool(ConnectionProvider pool) {
        this.pool = pool;
    }

    @Override
    public Mono<? extends Connection> acquire(
            TransportConfig config,
            ConnectionObserver observer,
            @Nullable Supplier<? extends SocketAddress> remote,
            @Nullable AddressResolverGroup<?> names) {
        Mono<? extends Connection> connection = pool.acquire(config, observer, remote, names);
        return Mono.deferContextual(context -> {
            Exchange exchange = context.get(Exchange.class);
            return connection.doOnSubscribe(exchange::inLine);
        });
    }

    @Override
    public Mono<Void> disposeLater() {
        return pool.disposeLater();
    }

    @Override
    public boolean isDisposed() {
        return pool.isDisposed();
    }
}
