package io.mlflowgateway.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.MemoryCap;
import io.mlflowgateway.server.testing.Eventually;
import io.mlflowgateway.server.testing.RawConnection;
import io.mlflowgateway.server.testing.RawConnection.RawAnswer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The edge over real sockets, byte by byte. */
class HttpServerIT {
    private static final Duration SHORT = Duration.ofMillis(1_200);
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final int BODY_LIMIT = 100_000;

    private final MemoryCap memory = new MemoryCap(BODY_LIMIT + BODY_LIMIT / 2);
    private final TestServer server = TestServer.with(
            Map.of(
                    "request-body-limit", String.valueOf(BODY_LIMIT),
                    "request-head-limit", "8KiB",
                    "url-limit", "1KiB",
                    "connections-limit", "100"),
            memory);
    private final TestSite site = server.site;
    private final RawConnection caller = server.connect();

    @AfterEach
    void stop() {
        caller.close();
        server.close();
    }

    @Test
    void a_post_is_answered_and_the_connection_kept() {
        RawAnswer first = caller.post("/echo", "{}").answer();
        RawAnswer second = caller.post("/echo", "[1]").answer();

        assertThat(first.body()).isEqualTo("POST {}");
        assertThat(second.body()).isEqualTo("POST [1]");
        assertThat(first.header("x-request-id")).startsWith("id-");
        assertThat(first.header("x-content-type-options")).isEqualTo("nosniff");
        assertThat(first.header("date")).endsWith("GMT");
    }

    @Test
    void a_callers_own_request_id_comes_back_when_it_is_sane() {
        caller.send("GET /echo HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: abc-7\r\n\r\n");
        RawAnswer sane = caller.answer();
        caller.send("GET /echo HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: a b<c>\r\n\r\n");
        RawAnswer odd = caller.answer();

        assertThat(sane.header("x-request-id")).isEqualTo("abc-7");
        assertThat(odd.header("x-request-id")).startsWith("id-");
    }

    @Test
    void pipelined_requests_are_answered_in_order() {
        StringBuilder requests = new StringBuilder();
        for (int i = 0; i < 2000; i++) {
            requests.append("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\n")
                    .append(String.format("%04d", i));
        }
        CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> caller.send(requests.toString()));

        List<String> answers = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            answers.add(caller.answer().body());
        }

        sent.join();
        for (int i = 0; i < 2000; i++) {
            assertThat(answers.get(i)).isEqualTo("POST " + String.format("%04d", i));
        }
    }

    @Test
    void a_chunked_body_is_put_together() {
        caller.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n");

        assertThat(caller.answer().body()).isEqualTo("POST abcde");
    }

    @Test
    void an_indented_json_body_in_pieces_is_not_taken_for_a_folded_head() {
        String body = "{\n  \"a\":\n  1\n}";
        caller.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + body.length() + "\r\n\r\n");
        for (char c : body.toCharArray()) {
            caller.send(String.valueOf(c));
        }

        assertThat(caller.answer().body()).isEqualTo("POST " + body);
    }

    @Test
    void a_caller_that_expects_100_continue_gets_it_before_its_body() {
        caller.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
        RawAnswer goOn = caller.answer();
        RawAnswer done = caller.send("ok").answer();

        assertThat(goOn.status()).isEqualTo(100);
        assertThat(done.body()).isEqualTo("POST ok");
    }

    @Test
    void bodies_that_together_hold_too_much_memory_are_refused_and_those_of_others_answered() {
        int length = BODY_LIMIT - 100;
        String head = "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + length + "\r\n\r\n";
        caller.send(head + "x".repeat(length - 1));
        Eventually.within(LONG, "the first body is held", () -> memory.held() >= length - 1);
        try (RawConnection second = server.connect();
                RawConnection small = server.connect()) {
            second.send(head + "x".repeat(length - 1));

            RawAnswer refusal = second.answer();

            assertThat(refusal.status()).isEqualTo(503);
            assertThat(small.post("/echo", "1").answer().status()).isEqualTo(200);
        }
        assertThat(caller.send("x").answer().status()).isEqualTo(200);
        server.drain();
        assertThat(memory.held()).isZero();
    }

    @Test
    void a_caller_that_leaves_while_its_call_runs_holds_no_memory() throws InterruptedException {
        caller.post("/never", "{}");
        assertThat(site.started.await(5, TimeUnit.SECONDS)).isTrue();
        long held = memory.held();

        caller.close();

        assertThat(held).isPositive();
        assertThat(site.cancelled.await(5, TimeUnit.SECONDS)).isTrue();
        server.drain();
        assertThat(memory.held()).isZero();
    }

    @Test
    void a_head_in_single_bytes_is_read_like_any_other() {
        for (char c : "GET /echo HTTP/1.1\r\nHost: localhost\r\n\r\n".toCharArray()) {
            caller.send(String.valueOf(c));
        }

        assertThat(caller.answer().body()).isEqualTo("GET ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/path/%E6%97%A5", "/path/%e6%97%a5?x=1", "http://localhost/path/%E6%97%A5"})
    void a_path_is_decoded_once(String target) {
        caller.send("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n");

        assertThat(caller.answer().body()).isEqualTo("found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/path%2F%E6%97%A5", "/%65cho%2f..", "/echo;x=1", "/echo/../echo", "/echo%5C", "/%2565cho"})
    void path_tricks_find_nothing(String target) {
        caller.send("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n");

        assertThat(caller.answer().status()).isEqualTo(404);
    }

    @Test
    void a_slow_head_ends_with_408_in_its_total_time() {
        caller.send("GET /echo HTTP/1.1\r\nHost:");

        long before = System.nanoTime();
        RawAnswer late = caller.answer();

        assertThat(late.status()).isEqualTo(408);
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
        assertThat(caller.closedByServer()).isTrue();
    }

    @Test
    void a_line_break_behind_a_body_is_no_head_that_comes_too_late() {
        RawAnswer first = caller.post("/echo", "1").send("\r\n").answer();

        assertThat(caller.staysSilent(SHORT.multipliedBy(2))).isTrue();
        RawAnswer second = caller.post("/echo", "2").answer();

        assertThat(first.body()).isEqualTo("POST 1");
        assertThat(second.body()).isEqualTo("POST 2");
    }

    @Test
    void a_slow_body_ends_with_408() {
        caller.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc");

        assertThat(caller.answer().status()).isEqualTo(408);
        assertThat(caller.closedByServer()).isTrue();
    }

    @Test
    void each_event_of_a_stream_is_flushed_at_once_and_the_connection_kept_after_it() {
        caller.send("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n");
        site.emit("one");
        String first = caller.readUntil("data: one\n\n");
        site.emit("two");
        caller.readUntil("data: two\n\n");
        site.events.tryEmitComplete().orThrow();
        caller.readUntil("0\r\n\r\n");

        assertThat(first).startsWith("HTTP/1.1 200").contains("transfer-encoding: chunked");
        assertThat(caller.post("/echo", "1").answer().body()).isEqualTo("POST 1");
    }

    @Test
    void a_stream_that_fails_before_its_first_event_has_the_failures_status() {
        caller.send("GET /broken HTTP/1.1\r\nHost: localhost\r\n\r\n");

        RawAnswer answer = caller.answer();

        assertThat(answer.status()).isEqualTo(504);
        assertThat(answer.body()).isEqualTo("late");
    }

    @Test
    void a_stream_that_fails_later_ends_with_a_failure_event_and_a_closed_connection() {
        caller.send("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n");
        site.emit("one");
        caller.readUntil("data: one\n\n");
        site.events
                .tryEmitError(Failure.of(Failure.Kind.UPSTREAM_UNREACHABLE, "cut"))
                .orThrow();

        String rest = caller.readToEnd();

        assertThat(rest).contains("data: failed: cut\n\n");
    }

    @Test
    void a_caller_that_leaves_while_waiting_cancels_the_work() throws InterruptedException {
        caller.send("GET /never HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assertThat(site.started.await(5, TimeUnit.SECONDS)).isTrue();

        caller.close();

        assertThat(site.cancelled.await(1, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void a_caller_that_leaves_mid_stream_cancels_the_work() throws InterruptedException {
        caller.send("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n");
        site.emit("one");
        caller.readUntil("data: one\n\n");

        caller.close();

        assertThat(site.cancelled.await(1, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void a_reader_that_does_not_read_stops_the_stream_and_leaving_ends_it() throws InterruptedException {
        caller.send("GET /endless HTTP/1.1\r\nHost: localhost\r\n\r\n");
        caller.readUntil("data: ");
        long seen = steady();

        caller.close();

        // Kernel buffers of both sides take some megabytes; an unbounded writer would make gigabytes.
        assertThat(seen * 16 * 1024).isLessThan(32L << 20);
        assertThat(site.cancelled.await(1, TimeUnit.SECONDS)).isTrue();
    }

    /** Waits until the producer has not been asked for more in half a second. */
    private long steady() {
        AtomicLong last = new AtomicLong(-1);
        AtomicLong since = new AtomicLong(System.nanoTime());
        Eventually.within(Duration.ofSeconds(10), "the stream is held back", () -> {
            long now = site.produced.get();
            if (last.getAndSet(now) != now) {
                since.set(System.nanoTime());
            }
            return System.nanoTime() - since.get() > Duration.ofMillis(500).toNanos();
        });
        return last.get();
    }

    @Test
    void a_bug_is_a_bare_500_that_tells_nothing() {
        RawAnswer answer = caller.post("/bug", "{}").answer();

        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.body()).contains("id-").doesNotContain("secret");
        assertThat(caller.post("/empty", "{}").answer().status()).isEqualTo(500);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/unwritable", "/unwritable-stream"})
    void an_answer_whose_headers_cannot_be_written_is_a_500_and_never_a_silence(String path) {
        RawAnswer answer = caller.post(path, "{}").answer();

        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.head()).doesNotContain("x: y");
    }

    @Test
    void http_1_0_gets_a_stream_without_chunks_that_ends_with_the_connection() {
        caller.send("GET /events HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
        site.emit("one");
        site.events.tryEmitComplete().orThrow();

        String all = caller.readToEnd();

        assertThat(all).contains("connection: close").doesNotContain("chunked").endsWith("data: one\n\n");
    }
}
