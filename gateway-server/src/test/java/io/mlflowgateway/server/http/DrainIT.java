package io.mlflowgateway.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.testing.Eventually;
import io.mlflowgateway.server.testing.RawConnection;
import io.mlflowgateway.server.testing.RawConnection.RawAnswer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What callers see of a server that stops. */
class DrainIT {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final String GET = "GET /echo HTTP/1.1\r\nHost: localhost\r\n\r\n";

    private TestServer server = TestServer.with(Map.of("drain-timeout", "4s"));

    @AfterEach
    void stop() {
        server.close();
    }

    private CompletableFuture<Void> drain() {
        return CompletableFuture.runAsync(server::drain);
    }

    private void awaitClosedDoor() {
        Eventually.within(LONG, "nothing new is accepted", () -> !accepts());
    }

    private boolean accepts() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()), 5000);
            return true;
        } catch (IOException refused) {
            return false;
        }
    }

    @Test
    void for_the_drain_delay_all_is_served_and_answers_say_that_the_connection_closes() {
        server.close();
        server = TestServer.with(Map.of("drain-delay", "1500ms", "drain-timeout", "4s"));
        try (RawConnection before = server.connect()) {
            RawAnswer untold = before.post("/echo", "1").answer();
            long began = System.nanoTime();
            CompletableFuture<Void> drained = drain();
            Eventually.within(LONG, "a new connection is told", () -> {
                try (RawConnection during = server.connect()) {
                    return during.post("/echo", "2")
                            .answer()
                            .header("connection")
                            .equals("close");
                }
            });
            RawAnswer told = before.post("/echo", "3").answer();
            boolean closed = before.closedByServer();
            drained.orTimeout(10, TimeUnit.SECONDS).join();

            assertThat(untold.header("connection")).isEmpty();
            assertThat(told.body()).isEqualTo("POST 3");
            assertThat(told.header("connection")).isEqualTo("close");
            assertThat(closed).isTrue();
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isBetween(Duration.ofMillis(1500), LONG);
            assertThat(accepts()).isFalse();
        }
    }

    @Test
    void a_connection_that_was_used_lately_may_ask_once_more() {
        try (RawConnection used = server.connect();
                RawConnection opened = server.connect()) {
            used.post("/echo", "1").answer();
            CompletableFuture<Void> drained = drain();
            awaitClosedDoor();

            RawAnswer last = used.post("/echo", "2").answer();
            RawAnswer first = opened.post("/echo", "3").answer();

            assertThat(last.body()).isEqualTo("POST 2");
            assertThat(last.header("connection")).isEqualTo("close");
            assertThat(first.body()).isEqualTo("POST 3");
            assertThat(used.closedByServer()).isTrue();
            drained.orTimeout(10, TimeUnit.SECONDS).join();
        }
    }

    @Test
    void a_connection_that_lay_idle_for_longer_is_closed_at_once() {
        try (RawConnection idle = server.connect()) {
            idle.post("/echo", "1").answer();
            long used = System.nanoTime();
            Eventually.within(LONG, "it lay idle", () -> System.nanoTime() - used > Connection.LAST_CHANCE.toNanos());
            long began = System.nanoTime();
            CompletableFuture<Void> drained = drain();

            boolean closed = idle.closedByServer();
            idle.close();
            drained.orTimeout(10, TimeUnit.SECONDS).join();

            assertThat(closed).isTrue();
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Connection.LAST_CHANCE);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "G",
                "POST /echo HTTP/1.1\r\nHost: local",
                "POST /echo HTTP/1.1\r\nHost: localhost\r\n\r",
                "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{"
            })
    void a_request_whose_first_byte_has_come_gets_its_answer(String begun) {
        String whole =
                begun.startsWith("P") ? "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}" : GET;
        try (RawConnection caller = server.connect()) {
            if (!whole.startsWith(begun)) {
                whole = "POST /echo HTTP/1.1\r\nHost: localhost\r\n\r\n";
            }
            caller.send(begun);
            CompletableFuture<Void> drained = drain();
            awaitClosedDoor();

            RawAnswer answer = caller.send(whole.substring(begun.length())).answer();

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("connection")).isEqualTo("close");
            drained.orTimeout(10, TimeUnit.SECONDS).join();
        }
    }

    @Test
    void what_has_not_ended_in_the_drain_time_is_cut_with_503() {
        server.close();
        server = TestServer.with(
                Map.of("drain-timeout", "800ms", "request-head-timeout", "20s", "request-body-timeout", "20s"));
        try (RawConnection inHead = server.connect();
                RawConnection inBody = server.connect();
                RawConnection waiting = server.connect();
                RawConnection idle = server.connect()) {
            inHead.send("GET /echo HTTP/1.1\r\nHost:");
            inBody.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{");
            waiting.post("/never", "{}");
            Eventually.within(LONG, "two have begun", () -> server.observed.began.size() == 2);

            server.drain();

            assertThat(List.of(inHead, inBody, waiting))
                    .extracting(caller -> caller.answer().status())
                    .containsOnly(503);
            assertThat(idle.closedByServer()).isTrue();
            assertThat(server.server().connections()).isZero();
        }
    }

    @Test
    void a_running_stream_finishes_and_its_connection_which_was_promised_to_stay_may_ask_once_more() {
        try (RawConnection caller = server.connect()) {
            caller.send("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n");
            server.site.emit("one");
            caller.readUntil("data: one\n\n");
            CompletableFuture<Void> drained = drain();
            awaitClosedDoor();
            server.site.emit("two");
            server.site.events.tryEmitComplete().orThrow();
            String rest = caller.readUntil("0\r\n\r\n");

            RawAnswer next = caller.post("/echo", "1").answer();

            assertThat(rest).contains("data: two\n\n").doesNotContain("failed");
            assertThat(next.body()).isEqualTo("POST 1");
            assertThat(next.header("connection")).isEqualTo("close");
            drained.orTimeout(10, TimeUnit.SECONDS).join();
        }
    }

    @Test
    void a_stream_that_outlives_the_drain_time_is_told_so() {
        try (RawConnection caller = server.connect()) {
            caller.send("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n");
            server.site.emit("one");
            caller.readUntil("data: one\n\n");

            server.drain();

            assertThat(caller.readToEnd()).contains("data: failed: the gateway is shutting down\n\n");
        }
    }

    /** Whoever keeps a connection, or opens one for each request: no request may be lost that was sent. */
    @ParameterizedTest
    @ValueSource(strings = {"keep-alive", "close"})
    void callers_at_full_speed_lose_no_request(String connection) {
        for (int round = 0; round < 3; round++) {
            int port = server.port();
            List<CompletableFuture<Integer>> callers = IntStream.range(0, 20)
                    .mapToObj(i -> CompletableFuture.supplyAsync(
                            () -> new Balancer(port, connection).callUntilRefused(), task -> new Thread(task).start()))
                    .toList();
            Eventually.within(LONG, "they are under way", () -> server.observed.ended.size() > 2000);

            server.drain();

            int answered = callers.stream()
                    .mapToInt(caller -> caller.orTimeout(20, TimeUnit.SECONDS).join())
                    .sum();
            assertThat(server.observed.ended).hasSize(answered);
            server.close();
            server = TestServer.with(Map.of("drain-timeout", "4s"));
        }
    }

    /** Asks over and over on one connection as long as it is not told to close it, and then on a new one. */
    private record Balancer(int port, String connection) {
        int callUntilRefused() {
            String request = "GET /echo HTTP/1.1\r\nHost: localhost\r\nConnection: " + connection + "\r\n\r\n";
            int answered = 0;
            while (true) {
                try (RawConnection upstream = new RawConnection(port)) {
                    boolean open = true;
                    while (open) {
                        RawAnswer answer = upstream.send(request).answer();
                        answered++;
                        open = answer.status() == 200
                                && answer.header("connection").isEmpty();
                    }
                } catch (RawConnection.Refused refused) {
                    return answered;
                }
            }
        }
    }
}
