package io.mlflowgateway.server.upstream;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * Makes one connection: TLS settings, the name, one address after the other until one accepts, the handshake. Stops where
 * it is when the connection has been closed meanwhile. All but the first step on the connection's loop.
 */
final class Dial {
    private final Connection connection;
    private final Transport transport;
    private final Place place;
    private final Pool.Way way;

    Dial(Connection connection, Transport transport, Place place, Pool.Way way) {
        this.connection = connection;
        this.transport = transport;
        this.place = place;
        this.way = way;
    }

    /** On the connection's loop. */
    void begin() {
        if (!place.secure()) {
            lookUp(Optional.empty());
            return;
        }
        transport.tls().toFuture().whenComplete(this::secured);
    }

    private void secured(@Nullable SslContext made, @Nullable Throwable problem) {
        if (connection.loop().inEventLoop()) {
            lookUpOrFail(made, problem);
            return;
        }
        try {
            connection.loop().execute(() -> lookUpOrFail(made, problem));
        } catch (RejectedExecutionException e) {
            // The process stops.
        }
    }

    private void lookUpOrFail(@Nullable SslContext made, @Nullable Throwable problem) {
        if (problem != null) {
            connection.broken(problem);
        } else {
            lookUp(Optional.ofNullable(made));
        }
    }

    private void lookUp(Optional<SslContext> tls) {
        if (connection.closed()) {
            return;
        }
        InetSocketAddress address = place.address();
        if (!address.isUnresolved()) {
            connect(List.of(address), 0, tls);
            return;
        }
        transport.addresses(connection.loop(), address).addListener((Future<List<InetSocketAddress>> found) -> {
            if (found.isSuccess()) {
                connect(found.getNow(), 0, tls);
            } else {
                connection.broken(found.cause());
            }
        });
    }

    private void connect(List<InetSocketAddress> addresses, int next, Optional<SslContext> tls) {
        if (connection.closed()) {
            return;
        }
        Bootstrap bootstrap = transport.bootstrap(connection.loop(), way.connect());
        ChannelFuture connected = bootstrap.connect(addresses.get(next));
        connection.attempt(connected.channel());
        connected.addListener((ChannelFuture done) -> {
            if (done.isSuccess()) {
                equip(done.channel(), tls);
            } else if (next + 1 < addresses.size()) {
                connect(addresses, next + 1, tls);
            } else {
                connection.broken(done.cause());
            }
        });
    }

    private void equip(Channel channel, Optional<SslContext> tls) {
        if (connection.closed()) {
            channel.close();
            return;
        }
        Optional<SslHandler> handshake = tls.map(context -> handshake(channel, context));
        handshake.ifPresent(channel.pipeline()::addLast);
        channel.pipeline().addLast(new AnswerDecoder(connection), connection);
        if (handshake.isEmpty()) {
            connection.opened();
        } else {
            handshake.get().handshakeFuture().addListener(this::shaken);
        }
    }

    private SslHandler handshake(Channel channel, SslContext context) {
        SslHandler handler = context.newHandler(channel.alloc(), place.bareHost(), place.port());
        handler.setHandshakeTimeoutMillis(way.tlsHandshake().toMillis());
        SSLParameters parameters = handler.engine().getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        handler.engine().setSSLParameters(parameters);
        return handler;
    }

    private void shaken(Future<? super Channel> done) {
        if (done.isSuccess()) {
            connection.opened();
        } else {
            connection.broken(done.cause());
        }
    }
}
