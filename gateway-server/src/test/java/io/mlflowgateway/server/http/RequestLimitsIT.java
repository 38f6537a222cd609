package io.mlflowgateway.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.reliability.Figures;
import io.mlflowgateway.server.reliability.Proves;
import io.mlflowgateway.server.reliability.Row;
import io.mlflowgateway.server.testing.Eventually;
import io.mlflowgateway.server.testing.RawConnection;
import io.mlflowgateway.server.testing.RawConnection.RawAnswer;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How much is taken of a request, and that a refusal reaches its caller even while it is still sending. */
class RequestLimitsIT {
    private static final int BODY_LIMIT = 100_000;
    private static final String GET = "GET /echo HTTP/1.1\r\nHost: localhost\r\n";
    private static final String POST = "POST /echo HTTP/1.1\r\nHost: localhost\r\n";

    private final TestServer server = TestServer.with(Map.of("request-body-limit", String.valueOf(BODY_LIMIT)));
    private final RawConnection caller = server.connect();

    @AfterEach
    void stop() {
        caller.close();
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "target of 8193 bytes, 414, than 8192 bytes",
        "target of 4 MB, 414, than 8192 bytes",
        "head of 32769 bytes, 431, than 32768 bytes",
        "one header of 4 MB, 431, than 32768 bytes",
        "101 headers, 431, than 100 headers",
        "5000 headers, 431, than 100 headers",
        "endless header name, 431, than 32768 bytes",
        "endless method, 400, malformed"
    })
    @Proves(Row.REQUEST_HEAD)
    void request_head_past_a_limit_is_refused_and_the_refusal_arrives(String what, int status, String told) {
        caller.send(
                switch (what) {
                    case "target of 8193 bytes" -> "GET /" + "a".repeat(8192) + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
                    case "target of 4 MB" -> "GET /" + "a".repeat(4_000_000);
                    case "head of 32769 bytes" -> GET + "X-A: " + "a".repeat(32_769 - GET.length() - 9) + "\r\n\r\n";
                    case "one header of 4 MB" -> GET + "X-A: " + "a".repeat(4_000_000);
                    case "101 headers" -> GET + "X-A: b\r\n".repeat(100) + "\r\n";
                    case "5000 headers" -> GET + "X: y\r\n".repeat(5000) + "\r\n";
                    case "endless header name" -> GET + "a".repeat(4_000_000);
                    default -> "G".repeat(4_000_000);
                });

        RawAnswer refusal = caller.answer();

        assertThat(refusal.status()).isEqualTo(status);
        assertThat(refusal.body()).contains(told);
        assertThat(refusal.header("connection")).isEqualTo("close");
        assertThat(caller.closedByServer()).isTrue();
        Figures.seen(
                Row.REQUEST_HEAD,
                "request_head_past_a_limit_is_refused_and_the_refusal_arrives",
                "414 past 8 KiB of URL, 431 past 32 KiB or 100 headers, also for callers that are 4 MB ahead");
    }

    @Test
    @Proves(Row.REQUEST_HEAD)
    void request_head_right_at_its_limits_is_taken() {
        String headers = "X-A: b\r\n".repeat(98);
        int room = 32_768 - GET.length() - headers.length() - 9;

        RawAnswer fullHead = caller.send(GET + headers + "X-B: " + "b".repeat(room) + "\r\n\r\n")
                .answer();
        RawAnswer fullUrl = caller.send("GET /" + "a".repeat(8191) + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                .answer();

        assertThat(fullHead.status()).isEqualTo(200);
        assertThat(fullUrl.status()).isEqualTo(404);
        Figures.seen(
                Row.REQUEST_HEAD,
                "request_head_right_at_its_limits_is_taken",
                "32,768 bytes and 100 headers are taken, a URL of 8,192 bytes too");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/ec%zzho",
                "/echo%0",
                "/echo%00",
                "/echo%0d%0aX: y",
                "/%ff",
                "/%c0%ae%c0%ae/",
                "//%",
                "echo",
                "*",
                "?x=1",
                "http://localhost?x=%",
                "http://",
                "/ech\u00f6"
            })
    @Proves(Row.REQUEST_HEAD)
    void request_head_with_a_malformed_path_gets_400_with_a_body(String target) {
        caller.send("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n");

        RawAnswer refusal = caller.answer();

        assertThat(refusal.status()).isIn(400, 404);
        assertThat(refusal.body()).isNotEmpty();
        Figures.seen(
                Row.REQUEST_HEAD,
                "request_head_with_a_malformed_path_gets_400_with_a_body",
                "wrong escapes, control characters, broken UTF-8, no path: 400 with a body, never a bare close");
    }

    @Test
    @Proves(Row.REQUEST_BODY)
    void request_body_announced_too_large_is_refused_without_being_read() {
        caller.send(POST + "Content-Length: " + (BODY_LIMIT + 1) + "\r\n\r\n");

        RawAnswer refusal = caller.answer();

        assertThat(refusal.status()).isEqualTo(413);
        assertThat(refusal.header("connection")).isEqualTo("close");
        assertThat(caller.closedByServer()).isTrue();
        assertThat(server.observed.only().ending().bytesIn()).isZero();
        Figures.seen(
                Row.REQUEST_BODY,
                "request_body_announced_too_large_is_refused_without_being_read",
                "413 before a byte of the body was sent");
    }

    @Test
    @Proves(Row.REQUEST_BODY)
    void request_body_that_grows_past_its_limit_in_chunks_is_refused_while_it_comes() {
        caller.send(POST + "Transfer-Encoding: chunked\r\n\r\n");
        caller.send(("2710\r\n" + "x".repeat(10_000) + "\r\n").repeat(100));

        RawAnswer refusal = caller.answer();

        assertThat(refusal.status()).isEqualTo(413);
        assertThat(caller.closedByServer()).isTrue();
        assertThat(server.observed.only().ending().bytesIn()).isBetween((long) BODY_LIMIT, BODY_LIMIT + 70_000L);
        Figures.seen(
                Row.REQUEST_BODY,
                "request_body_that_grows_past_its_limit_in_chunks_is_refused_while_it_comes",
                "413 reached a caller that sent ten times the limit");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate", "br", "gzip, identity", "x"})
    @Proves(Row.REQUEST_BODY)
    void request_body_that_is_compressed_gets_415(String coding) {
        caller.send(POST + "Content-Encoding: " + coding + "\r\nContent-Length: 1\r\n\r\nx");

        RawAnswer refusal = caller.answer();

        assertThat(refusal.status()).isEqualTo(415);
        Figures.seen(
                Row.REQUEST_BODY,
                "request_body_that_is_compressed_gets_415",
                "415 for every Content-Encoding but identity");
    }

    @ParameterizedTest
    @CsvSource({"/nowhere, 404", "/refused-by-head, 415"})
    @Proves(Row.REQUEST_BODY)
    void request_body_is_not_awaited_where_the_head_says_enough(String path, int status) {
        caller.send("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\n");

        RawAnswer refusal = caller.answer();
        RawAnswer next = caller.send("12345").post("/echo", "1").answer();

        assertThat(refusal.status()).isEqualTo(status);
        assertThat(next.body()).isEqualTo("POST 1");
        Figures.seen(
                Row.REQUEST_BODY,
                "request_body_is_not_awaited_where_the_head_says_enough",
                "404 and 415 before the body; the next request on the connection is answered");
    }

    @Test
    @Proves(Row.REQUEST_BODY)
    void request_body_behind_an_early_refusal_has_the_same_limits() {
        caller.send("POST /nowhere HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
        RawAnswer refusal = caller.answer();
        caller.send(("2710\r\n" + "x".repeat(10_000) + "\r\n").repeat(20));
        boolean closedAfterTooMuch = caller.closedByServer();
        boolean closedAfterTooLong;
        try (RawConnection slow = server.connect()) {
            slow.send("POST /nowhere HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\n1")
                    .answer();
            closedAfterTooLong = slow.closedByServer();
        }

        assertThat(refusal.status()).isEqualTo(404);
        assertThat(closedAfterTooMuch).isTrue();
        assertThat(closedAfterTooLong).isTrue();
        Figures.seen(
                Row.REQUEST_BODY,
                "request_body_behind_an_early_refusal_has_the_same_limits",
                "closed after as many bytes, or as long, as any body may take");
    }

    @ParameterizedTest
    @CsvSource({
        "/echo, Content-Length: 999999999, 413",
        "/echo, Content-Length: 5~Content-Encoding: gzip, 415",
        "/nowhere, Content-Length: 5, 404",
        "/refused-by-head, Content-Length: 5, 415"
    })
    @Proves(Row.EXPECT_CONTINUE)
    void expect_continue_is_answered_with_the_refusal_in_place_of_100(String path, String headers, int status) {
        caller.send("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
                + headers.replace("~", "\r\n") + "\r\n\r\n");

        RawAnswer refusal = caller.answer();

        assertThat(refusal.status()).isEqualTo(status);
        assertThat(refusal.header("connection")).isEqualTo("close");
        assertThat(caller.closedByServer()).isTrue();
        Figures.seen(
                Row.EXPECT_CONTINUE,
                "expect_continue_is_answered_with_the_refusal_in_place_of_100",
                "413, 415, 404 at once, and the connection is closed: no 100 Continue");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "evil.example:80",
                "localhost.evil.example",
                "127.0.0.1.evil.example",
                "127.0.0.1.",
                "10.0.0.1",
                "0.0.0.0",
                "[::]",
                "[fe80::1]"
            })
    @Proves(Row.DNS_REBINDING)
    void dns_rebinding_is_refused_by_the_name_in_host(String host) {
        caller.send("GET /echo HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
        RawAnswer refusal = caller.answer();
        RawAnswer absolute;
        try (RawConnection other = server.connect()) {
            absolute = other.send("GET http://" + host + "/echo HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
                    .answer();
        }

        assertThat(refusal.status()).isEqualTo(421);
        assertThat(absolute.status()).isEqualTo(421);
        assertThat(refusal.header("connection")).isEqualTo("close");
        Figures.seen(
                Row.DNS_REBINDING,
                "dns_rebinding_is_refused_by_the_name_in_host",
                "421 for names that are not this machine's, in Host and in the target");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LocalHost:5000", "app.localhost", "127.0.0.1", "127.8.9.1:80", "[::1]:5000"})
    @Proves(Row.DNS_REBINDING)
    void dns_rebinding_is_not_seen_in_loopback_names(String host) {
        caller.send("GET /echo HTTP/1.1\r\nHost: " + host + "\r\n\r\n");

        assertThat(caller.answer().status()).isEqualTo(200);
        Figures.seen(
                Row.DNS_REBINDING, "dns_rebinding_is_not_seen_in_loopback_names", "loopback names and addresses pass");
    }

    @Test
    void a_name_that_was_allowed_is_answered_and_no_other() {
        RawAnswer named;
        RawAnswer other;
        try (TestServer behindProxy = TestServer.with(Map.of("allowed-hosts", "gateway.example.com"));
                RawConnection first = behindProxy.connect();
                RawConnection second = behindProxy.connect()) {
            named = first.send("GET /echo HTTP/1.1\r\nHost: Gateway.example.com:443\r\n\r\n")
                    .answer();
            other = second.send("GET /echo HTTP/1.1\r\nHost: example.com\r\n\r\n")
                    .answer();
        }

        assertThat(named.status()).isEqualTo(200);
        assertThat(other.status()).isEqualTo(421);
    }

    /** What is thrown away after a refusal ends, too. */
    @Test
    void a_caller_that_never_stops_sending_is_cut_a_moment_after_its_refusal() {
        caller.send(POST + "Content-Length: 999999999\r\n\r\n");
        caller.answer();
        long refused = System.nanoTime();

        Eventually.within(Duration.ofSeconds(10), "the connection is closed", () -> {
            caller.trySend("x".repeat(1000));
            return server.server().connections() == 0;
        });

        assertThat(Duration.ofNanos(System.nanoTime() - refused)).isGreaterThan(Duration.ofMillis(1500));
    }
}
