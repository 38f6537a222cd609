package io.mlflowgateway.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.query.Observer.Refusal;
import io.mlflowgateway.server.reliability.Figures;
import io.mlflowgateway.server.reliability.Proves;
import io.mlflowgateway.server.reliability.Row;
import io.mlflowgateway.server.testing.Eventually;
import io.mlflowgateway.server.testing.RawConnection;
import io.mlflowgateway.server.testing.RawConnection.RawAnswer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How many connections are let in. */
class ConnectionLimitsIT {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final List<RawConnection> callers = new ArrayList<>();

    @AfterEach
    void leave() {
        callers.forEach(RawConnection::close);
    }

    private List<RawConnection> connect(TestServer server, int count) {
        List<RawConnection> some = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            some.add(server.connect());
        }
        callers.addAll(some);
        return some;
    }

    @Test
    @Proves(Row.IDLE_CONNECTIONS)
    void idle_connections_past_the_limit_get_503_until_one_is_free() {
        try (TestServer server = TestServer.with(Map.of("connections-limit", "20"))) {
            List<RawConnection> inside = connect(server, 20);
            Eventually.within(LONG, "20 are in", () -> server.server().connections() == 20);

            RawAnswer refusal = connect(server, 1).get(0).answer();
            RawAnswer served = inside.get(7).post("/echo", "1").answer();
            inside.get(0).close();
            Eventually.within(LONG, "one has left", () -> server.server().connections() == 19);
            RawAnswer afterwards = connect(server, 1).get(0).post("/echo", "2").answer();

            assertThat(refusal.status()).isEqualTo(503);
            assertThat(refusal.header("connection")).isEqualTo("close");
            assertThat(served.body()).isEqualTo("POST 1");
            assertThat(afterwards.body()).isEqualTo("POST 2");
            assertThat(server.observed.refused).containsExactly(Refusal.TOO_MANY);
            assertThat(server.observed.began).hasSize(2);
        }
        Figures.seen(
                Row.IDLE_CONNECTIONS,
                "idle_connections_past_the_limit_get_503_until_one_is_free",
                "the 21st of 20 got 503 and was counted; those inside were served");
    }

    /** The connections that are told why are bounded as well; the others are closed at once. */
    @Test
    @Proves(Row.IDLE_CONNECTIONS)
    void idle_connections_by_the_flood_do_not_stop_accepting() {
        try (TestServer server = TestServer.with(Map.of("connections-limit", "10"))) {
            RawConnection inside = connect(server, 1).get(0);
            assertThat(inside.post("/echo", "0").answer().status()).isEqualTo(200);
            connect(server, 9);
            Eventually.within(LONG, "10 are in", () -> server.server().connections() == 10);

            List<RawConnection> flood = connect(server, 1500);
            long told = flood.stream().filter(ConnectionLimitsIT::isTold).count();
            RawAnswer served = inside.post("/echo", "1").answer();
            callers.forEach(RawConnection::close);
            Eventually.within(LONG, "all have left", () -> server.server().connections() == 0);
            RawAnswer afterwards = connect(server, 1).get(0).post("/echo", "2").answer();

            assertThat(told).isGreaterThan(100);
            assertThat(server.observed.refused).hasSize(1500);
            assertThat(served.body()).isEqualTo("POST 1");
            assertThat(afterwards.body()).isEqualTo("POST 2");
            Figures.seen(
                    Row.IDLE_CONNECTIONS,
                    "idle_connections_by_the_flood_do_not_stop_accepting",
                    "of 1,500 connections too many " + told + " got 503, the others were closed; all were counted");
        }
    }

    private static boolean isTold(RawConnection caller) {
        try {
            return caller.readToEnd().startsWith("HTTP/1.1 503");
        } catch (UncheckedIOException reset) {
            return false;
        }
    }

    @Test
    @Proves(Row.IDLE_CONNECTIONS)
    void idle_connections_of_one_address_have_a_limit_of_their_own() throws IOException {
        try (TestServer server = TestServer.with(Map.of("connections-per-address-limit", "5"));
                Socket fromAnother = new Socket()) {
            List<RawConnection> inside = connect(server, 5);
            Eventually.within(LONG, "5 are in", () -> server.server().connections() == 5);
            RawAnswer refusal = connect(server, 1).get(0).answer();

            fromAnother.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.2"), 0));
            fromAnother.connect(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), server.port()), 5000);
            Eventually.within(
                    LONG, "the other address is in", () -> server.server().connections() == 6);
            inside.get(0).close();
            Eventually.within(LONG, "one has left", () -> server.server().connections() == 5);
            RawAnswer afterwards = connect(server, 1).get(0).post("/echo", "2").answer();

            assertThat(refusal.status()).isEqualTo(503);
            assertThat(afterwards.body()).isEqualTo("POST 2");
            assertThat(server.observed.refused).containsExactly(Refusal.TOO_MANY_FROM_ADDRESS);
        }
        Figures.seen(
                Row.IDLE_CONNECTIONS,
                "idle_connections_of_one_address_have_a_limit_of_their_own",
                "the 6th of 5 from one address got 503, another address came in");
    }
}
