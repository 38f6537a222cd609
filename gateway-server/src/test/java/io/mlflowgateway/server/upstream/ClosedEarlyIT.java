package io.mlflowgateway.server.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.provider.Sender;
import io.mlflowgateway.server.provider.UpstreamRequest;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Failure.Kind;
import io.mlflowgateway.server.testing.Await;
import io.mlflowgateway.server.testing.RawUpstream;
import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.InetNameResolver;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.netty.http.Http11SslContextSpec;

/** A connection that closes before it is open has carried nothing, so another one is made. */
class ClosedEarlyIT extends UpstreamFixture {

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void a_connection_that_closes_before_it_is_open_is_made_anew(int closed) {
        try (RawUpstream server = RawUpstream.answering(RawUpstream.json("{}"))) {
            Sender sender = closing(closed);

            assertThat(Await.value(sender.send(called(server), soon())).status())
                    .isEqualTo(200);

            assertThat(server.requestCount()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 100})
    void it_is_made_anew_twice_at_most(int closed) {
        try (RawUpstream server = RawUpstream.answering(RawUpstream.json("{}"))) {
            Sender sender = closing(closed);

            Failure failure = Await.failure(sender.send(called(server), soon()));

            assertThat(failure.kind()).isEqualTo(Kind.UPSTREAM_UNREACHABLE);
            assertThat(server.connections()).isZero();
        }
    }

    private static UpstreamRequest called(RawUpstream server) {
        return whole("http://upstream.test:" + server.port() + "/");
    }

    /** Closes so many connections before they are open, while the name is looked up. */
    private Sender closing(int times) {
        Transport transport = new Transport(
                loops,
                new Closing(times),
                () -> Http11SslContextSpec.forClient().sslContext());
        return sender(transport, settings(LONG, LONG, 10));
    }

    private static final class Closing extends AddressResolverGroup<InetSocketAddress> {
        private final AtomicInteger left;

        Closing(int times) {
            left = new AtomicInteger(times);
        }

        @Override
        protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
            return new InetNameResolver(executor) {
                @Override
                protected void doResolve(String name, Promise<InetAddress> promise) {
                    if (left.getAndDecrement() > 0) {
                        promise.setFailure(new ClosedChannelException());
                    } else {
                        promise.setSuccess(InetAddress.getLoopbackAddress());
                    }
                }

                @Override
                protected void doResolveAll(String name, Promise<List<InetAddress>> promise) {
                    if (left.getAndDecrement() > 0) {
                        promise.setFailure(new ClosedChannelException());
                    } else {
                        promise.setSuccess(List.of(InetAddress.getLoopbackAddress()));
                    }
                }
            }.asAddressResolver();
        }
    }
}
