package io.mlflowgateway.server.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.mlflowgateway.server.provider.Sender;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Failure.Kind;
import io.mlflowgateway.server.testing.Await;
import io.mlflowgateway.server.testing.DeafUpstream;
import io.mlflowgateway.server.testing.Eventually;
import io.mlflowgateway.server.testing.RawUpstream;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.DatagramChannel;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.SingletonDnsServerAddressStreamProvider;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.netty.http.Http11SslContextSpec;

/** Whatever an exchange is waiting for, a caller that leaves ends it. Waiting for an answer: see the other classes. */
class LeaversIT extends UpstreamFixture {
    private static final Duration SOON = Duration.ofSeconds(1);

    @ParameterizedTest
    @ValueSource(strings = {"TLS handshake", "head", "half a head", "body", "stream", "stream nobody reads"})
    void a_caller_who_leaves_ends_the_upstream_connection(String phase) {
        CountDownLatch there = new CountDownLatch(1);
        RawUpstream.Script script = talk -> {
            if (!phase.equals("TLS handshake")) {
                talk.readRequest();
                talk.send(sentSoFar(phase));
            }
            there.countDown();
            talk.awaitClose();
        };
        try (RawUpstream server = new RawUpstream(script)) {
            Disposable call = call(phase, server).subscribe(answer -> {}, thrown -> {});
            Eventually.within(PATIENCE, "it waits for the " + phase, () -> there.getCount() == 0);

            call.dispose();

            Eventually.within(SOON, "the connection is closed", () -> server.openConnections() == 0);
        }
    }

    private Mono<?> call(String phase, RawUpstream server) {
        return switch (phase) {
            case "TLS handshake" -> upstream.send(whole(server.url().replace("http:", "https:")), soon());
            case "stream" -> events(upstream, server.url()).then();
            // The stream is handed on, and never subscribed.
            case "stream nobody reads" ->
                upstream.send(stream(server.url()), soon()).flatMap(answer -> Mono.never());
            default -> upstream.send(whole(server.url()), soon());
        };
    }

    private static String sentSoFar(String phase) {
        return switch (phase) {
            case "half a head" -> "HTTP/1.1 200 OK\r\nContent-";
            case "body" -> "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{";
            case "stream", "stream nobody reads" -> RawUpstream.STREAM_HEAD + RawUpstream.chunk("data: 1\n\n");
            default -> "";
        };
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_caller_who_leaves_before_the_upstream_accepts_ends_the_attempt_to_connect(boolean byTime) {
        assumeThat(DeafUpstream.canCount()).isTrue();
        try (DeafUpstream deaf = new DeafUpstream()) {
            Sender sender = sender(connectingWithin(byTime ? SOON : LONG, 10));
            long before = deaf.connecting();
            var call = sender.send(whole(deaf.base()), soon()).toFuture();
            Eventually.within(PATIENCE, "it connects", () -> deaf.connecting() > before);

            if (!byTime) {
                call.cancel(true);
            }

            Eventually.within(SOON.multipliedBy(byTime ? 3 : 1), "it gave up", () -> deaf.connecting() == before);
        }
    }

    @Test
    void a_caller_who_leaves_while_all_connections_are_in_use_gives_its_place_to_the_next() {
        CountDownLatch goOn = new CountDownLatch(1);
        RawUpstream.Script script = talk -> {
            while (talk.readRequest()) {
                goOn.await(20, TimeUnit.SECONDS);
                talk.send(RawUpstream.json("{}"));
            }
        };
        try (RawUpstream server = new RawUpstream(script)) {
            Sender single = sender(settings(LONG, LONG, 1));
            var first = single.send(whole(server.url()), soon()).toFuture();
            Eventually.within(PATIENCE, "the first is out", () -> server.requestCount() == 1);
            Disposable leaver = single.send(whole(server.url()), soon()).subscribe();
            var next = single.send(whole(server.url()), soon()).toFuture();

            leaver.dispose();
            goOn.countDown();

            assertThat(first.orTimeout(20, TimeUnit.SECONDS).join().status()).isEqualTo(200);
            assertThat(next.orTimeout(20, TimeUnit.SECONDS).join().status()).isEqualTo(200);
            assertThat(server.requestCount()).isEqualTo(2);
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void a_name_server_that_says_nothing_takes_no_longer_than_the_connect_limit() throws IOException {
        EventLoopGroup group = loops.onClient(true);
        try (DatagramSocket silent = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            DnsAddressResolverGroup names = new DnsAddressResolverGroup(new DnsNameResolverBuilder()
                    .datagramChannelFactory(() -> loops.onChannel(DatagramChannel.class, group))
                    .nameServerProvider(new SingletonDnsServerAddressStreamProvider(
                            (InetSocketAddress) silent.getLocalSocketAddress())));
            Transport transport = new Transport(
                    loops, names, () -> Http11SslContextSpec.forClient().sslContext());
            Sender sender = sender(transport, connectingWithin(SOON, 10));
            long start = System.nanoTime();

            Failure failure = Await.failure(sender.send(whole("http://llm.example.com/"), soon()));

            assertThat(failure.kind()).isEqualTo(Kind.UPSTREAM_TIMEOUT);
            assertThat(failure.getMessage()).contains("no connection to llm.example.com");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(SOON, SOON.plusMillis(1_500));
        }
    }
}
