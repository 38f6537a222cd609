package io.mlflowgateway.server.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.mlflowgateway.server.provider.Sender;
import io.mlflowgateway.server.provider.UpstreamRequest;
import io.mlflowgateway.server.provider.UpstreamResponse;
import io.mlflowgateway.server.query.Deadline;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Failure.Kind;
import io.mlflowgateway.server.testing.Await;
import io.mlflowgateway.server.testing.Eventually;
import io.mlflowgateway.server.testing.RawUpstream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

class WholeAnswerIT extends UpstreamFixture {

    @Test
    void status_headers_and_bytes_of_an_answer_arrive() {
        String head = "HTTP/1.1 429 Too Many Requests\r\nContent-Type: application/problem+json\r\n"
                + "Retry-After: 7\r\nContent-Length: 2\r\n\r\n";
        try (RawUpstream server = RawUpstream.answering(head + "{}")) {

            UpstreamResponse.Whole answer = answer(upstream, server.url());

            assertThat(answer.status()).isEqualTo(429);
            assertThat(answer.retryAfter()).contains("7");
            assertThat(answer.contentType()).isEqualTo("application/problem+json");
            assertThat(text(answer.body())).isEqualTo("{}");
        }
    }

    @Test
    void the_request_is_one_post_with_its_length_and_no_header_of_anybody_else() {
        try (RawUpstream server = RawUpstream.answering(RawUpstream.json("{}"))) {

            answer(upstream, server.url());

            String request = server.requests().get(0);
            String[] lines = request.substring(0, request.indexOf("\r\n\r\n")).split("\r\n", -1);
            assertThat(lines[0]).isEqualTo("POST /v1/chat/completions HTTP/1.1");
            assertThat(lines)
                    .extracting(line -> line.split(": ", -1)[0].toLowerCase(Locale.ROOT))
                    .containsExactlyInAnyOrder(
                            lines[0].toLowerCase(Locale.ROOT),
                            "accept",
                            "accept-encoding",
                            "authorization",
                            "content-length",
                            "content-type",
                            "host",
                            "user-agent");
            assertThat(request).contains("user-agent: mlflow-gateway-java/").endsWith("{\"q\":\"привет\"}");
        }
    }

    @Test
    void of_the_headers_only_those_that_providers_ask_for_are_kept() {
        String refused = "HTTP/1.1 400 Bad\r\nX-Amzn-ErrorType: ValidationException:http://internal/\r\n"
                + "X-PROMPT-TOKENS: 12\r\nx-prompt-tokens: 13\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n";
        try (RawUpstream server = RawUpstream.answering(refused)) {

            UpstreamResponse.Whole answer = answer(upstream, server.url());

            assertThat(answer.headers()).containsOnlyKeys("x-amzn-errortype", "x-prompt-tokens");
            assertThat(answer.header("x-amzn-errortype")).contains("ValidationException:http://internal/");
            assertThat(answer.header("x-prompt-tokens")).contains("12");
            assertThatIllegalArgumentException().isThrownBy(() -> answer.header("set-cookie"));
        }
    }

    @Test
    void an_answer_without_these_headers_keeps_none() {
        try (RawUpstream server = RawUpstream.answering(RawUpstream.json("{}"))) {

            UpstreamResponse.Whole answer = answer(upstream, server.url());

            assertThat(answer.headers()).isEmpty();
            assertThat(answer.header("x-amzn-errortype")).isEmpty();
        }
    }

    @Test
    void connections_are_used_again() {
        try (RawUpstream server = RawUpstream.answering(RawUpstream.json("{}"))) {

            for (int i = 0; i < 5; i++) {
                answer(upstream, server.url());
            }

            assertThat(server.requests()).hasSize(5);
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_pooled_connection_the_peer_closed_is_replaced_unseen(boolean reset) {
        RawUpstream.Script closesAtSecondRequest = talk -> {
            talk.readRequest();
            talk.send(RawUpstream.json("{}"));
            talk.readRequest();
            if (reset) {
                talk.reset();
            }
        };
        try (RawUpstream server = new RawUpstream(closesAtSecondRequest)) {
            answer(upstream, server.url());

            UpstreamResponse.Whole second = answer(upstream, server.url());

            assertThat(second.status()).isEqualTo(200);
            assertThat(server.requests()).hasSize(3);
        }
    }

    @Test
    void a_request_is_sent_again_once_at_most() {
        AtomicInteger number = new AtomicInteger();
        RawUpstream.Script onlyTheVeryFirstIsAnswered = talk -> {
            while (talk.readRequest() && number.incrementAndGet() == 1) {
                talk.send(RawUpstream.json("{}"));
            }
        };
        try (RawUpstream server = new RawUpstream(onlyTheVeryFirstIsAnswered)) {
            answer(upstream, server.url());

            Failure failure = Await.failure(upstream.send(whole(server.url()), soon()));

            assertThat(failure.kind()).isEqualTo(Kind.UPSTREAM_UNREACHABLE);
            assertThat(server.requests()).hasSize(3);
        }
    }

    @Test
    void a_new_connection_that_closes_without_an_answer_is_not_tried_again() {
        try (RawUpstream server = new RawUpstream(RawUpstream.Talk::readRequest)) {

            Failure failure = Await.failure(upstream.send(whole(server.url()), soon()));

            assertThat(failure.kind()).isEqualTo(Kind.UPSTREAM_UNREACHABLE);
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void half_a_head_on_a_reused_connection_is_an_answer_begun_and_not_tried_again() {
        RawUpstream.Script script = talk -> {
            talk.readRequest();
            talk.send(RawUpstream.json("{}"));
            talk.readRequest();
            talk.send("HTTP/1.1 200 OK\r\nContent-");
        };
        try (RawUpstream server = new RawUpstream(script)) {
            answer(upstream, server.url());

            Failure failure = Await.failure(upstream.send(whole(server.url()), soon()));

            assertThat(failure.kind()).isEqualTo(Kind.UPSTREAM_UNREACHABLE);
            assertThat(server.requests()).hasSize(2);
        }
    }

    @Test
    void a_refused_connection_is_unreachable() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }

        Failure failure = Await.failure(upstream.send(whole("http://127.0.0.1:" + port + "/secret-path"), soon()));

        assertThat(failure.kind()).isEqualTo(Kind.UPSTREAM_UNREACHABLE);
        assertThat(failure.status()).isEqualTo(502);
        assertThat(failure.getMessage()).contains("127.0.0.1:" + port).doesNotContain("secret-path");
    }

    @Test
    void a_name_nobody_has_fails_within_the_connect_limit() {
        Sender hasty = sender(connectingWithin(SHORT, 1));
        long start = System.nanoTime();

        Failure failure = Await.failure(hasty.send(whole("http://no-such-host.invalid/v1"), soon()));

        assertThat(failure.status()).isIn(502, 504);
        assertThat(failure.getMessage()).contains("no-such-host.invalid");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SHORT.plusMillis(700));
    }

    @Test
    void a_server_that_says_nothing_is_given_up_at_the_first_byte_limit() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        RawUpstream.Script silent = talk -> {
            talk.readRequest();
            talk.awaitClose();
            closed.countDown();
        };
        try (RawUpstream server = new RawUpstream(silent)) {
            Sender hasty = upstream(SHORT, LONG);
            long start = System.nanoTime();

            Failure failure = Await.failure(hasty.send(whole(server.url()), soon()));

            Duration took = Duration.ofNanos(System.nanoTime() - start);
            assertThat(failure.kind()).isEqualTo(Kind.UPSTREAM_TIMEOUT);
            assertThat(failure.status()).isEqualTo(504);
            assertThat(took).isBetween(SHORT, SHORT.plusMillis(1500));
            assertThat(closed.await(1, TimeUnit.SECONDS))
                    .as("connection closed")
                    .isTrue();
            assertThat(server.requests()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nX-Slow: ",
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n"
            })
    void a_trickle_of_bytes_does_not_stretch_the_first_byte_limit(String start) {
        RawUpstream.Script trickle = talk -> {
            talk.readRequest();
            talk.send(start);
            for (int i = 0; i < 300; i++) {
                talk.send("x");
                talk.idle(20);
            }
        };
        try (RawUpstream server = new RawUpstream(trickle)) {
            Sender hasty = upstream(SHORT, LONG);
            long begun = System.nanoTime();

            Failure failure = Await.failure(hasty.send(whole(server.url()), soon()));

            assertThat(failure.kind()).isEqualTo(Kind.UPSTREAM_TIMEOUT);
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(SHORT.plusMillis(1500));
        }
    }

    @Test
    void the_deadline_of_the_call_ends_it_before_any_longer_limit() {
        try (RawUpstream server = new RawUpstream(talk -> {
            talk.readRequest();
            talk.awaitClose();
        })) {

            Failure failure = Await.failure(upstream.send(whole(server.url()), Deadline.in(SHORT)));

            assertThat(failure.kind()).isEqualTo(Kind.UPSTREAM_TIMEOUT);
            assertThat(failure.getMessage()).contains("all of it");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "BOGUS/9 all is well\r\n\r\n",
                "\u0000\u0001\u0002\r\n\r\n",
                "HTTP/1.1 abc OK\r\nContent-Length: 2\r\n\r\n{}",
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n"
            })
    void what_is_not_http_is_an_invalid_answer(String garbage) {
        try (RawUpstream server = RawUpstream.answering(garbage)) {

            Failure failure = Await.failure(upstream.send(whole(server.url()), soon()));

            assertThat(failure.kind()).isEqualTo(Kind.UPSTREAM_INVALID);
            assertThat(failure.status()).isEqualTo(502);
        }
    }

    @Test
    void a_head_without_end_is_cut() {
        RawUpstream.Script endless = talk -> {
            talk.readRequest();
            talk.send("HTTP/1.1 200 OK\r\n");
            for (int i = 0; i < 20_000; i++) {
                talk.send("X-Filler-" + i + ": " + "y".repeat(60) + "\r\n");
            }
        };
        try (RawUpstream server = new RawUpstream(endless)) {

            Failure failure = Await.failure(upstream.send(whole(server.url()), soon()));

            assertThat(failure.kind()).isEqualTo(Kind.UPSTREAM_INVALID);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Transfer-Encoding: chunked", "Content-Length: 99999999999", "Connection: close"})
    void a_body_without_end_is_cut_at_the_limit_and_the_connection_closed(String framing) throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        RawUpstream.Script endless = talk -> {
            talk.readRequest();
            talk.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" + framing + "\r\n\r\n");
            try {
                while (true) {
                    talk.send(framing.contains("chunked") ? RawUpstream.chunk("x".repeat(8000)) : "x".repeat(8000));
                }
            } finally {
                closed.countDown();
            }
        };
        try (RawUpstream server = new RawUpstream(endless)) {

            Failure failure = Await.failure(upstream.send(whole(server.url()), soon()));

            assertThat(failure.kind()).isEqualTo(Kind.UPSTREAM_INVALID);
            assertThat(failure.getMessage()).contains(Integer.toString(BODY_LIMIT));
            assertThat(closed.await(2, TimeUnit.SECONDS))
                    .as("connection closed")
                    .isTrue();
        }
    }

    @Test
    void a_body_of_exactly_the_limit_passes() {
        String body = "x".repeat(BODY_LIMIT);
        try (RawUpstream server = RawUpstream.answering(RawUpstream.json(body))) {

            assertThat(text(answer(upstream, server.url()).body())).isEqualTo(body);
        }
    }

    @Test
    void a_compressed_answer_is_inflated() {
        byte[] zipped = gzip(utf8("{\"text\":\"" + "ы".repeat(5000) + "\"}"));
        try (RawUpstream server = new RawUpstream(talk -> sendZipped(talk, zipped))) {

            UpstreamResponse.Whole answer = answer(upstream, server.url());

            assertThat(text(answer.body())).isEqualTo("{\"text\":\"" + "ы".repeat(5000) + "\"}");
            assertThat(server.requests().get(0)).contains("accept-encoding: gzip");
        }
    }

    @Test
    void the_limit_counts_after_decompression() {
        byte[] bomb = gzip(new byte[64 * 1024 * 1024]);
        assertThat(bomb.length).isLessThan(BODY_LIMIT);
        try (RawUpstream server = new RawUpstream(talk -> sendZipped(talk, bomb))) {

            Failure failure = Await.failure(upstream.send(whole(server.url()), soon()));

            assertThat(failure.kind()).isEqualTo(Kind.UPSTREAM_INVALID);
        }
    }

    @Test
    void what_claims_to_be_compressed_and_is_not_is_an_invalid_answer() {
        byte[] notZipped = utf8("{\"text\":\"plain\"}");
        try (RawUpstream server = new RawUpstream(talk -> sendZipped(talk, notZipped))) {

            Failure failure = Await.failure(upstream.send(whole(server.url()), soon()));

            assertThat(failure.kind()).isEqualTo(Kind.UPSTREAM_INVALID);
        }
    }

    @Test
    void a_redirect_is_handed_on_and_not_followed() {
        try (RawUpstream elsewhere = RawUpstream.answering(RawUpstream.json("{\"stolen\":true}"));
                RawUpstream server = RawUpstream.answering("HTTP/1.1 307 Temporary Redirect\r\nLocation: "
                        + elsewhere.url() + "\r\nContent-Length: 0\r\n\r\n")) {

            UpstreamResponse.Whole answer = answer(upstream, server.url());

            assertThat(answer.status()).isEqualTo(307);
            assertThat(elsewhere.connections()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void an_answer_cut_inside_its_body_is_unreachable(boolean reset) {
        RawUpstream.Script cut = talk -> {
            talk.readRequest();
            talk.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"choices\":[");
            if (reset) {
                talk.reset();
            }
        };
        try (RawUpstream server = new RawUpstream(cut)) {

            Failure failure = Await.failure(upstream.send(whole(server.url()), soon()));

            assertThat(failure.kind()).isEqualTo(Kind.UPSTREAM_UNREACHABLE);
        }
    }

    @Test
    void when_all_connections_are_in_use_the_call_that_waited_too_long_is_told_so() {
        try (RawUpstream server = new RawUpstream(talk -> {
            talk.readRequest();
            talk.awaitClose();
        })) {
            Sender single = sender(connectingWithin(Duration.ofSeconds(2), 1));
            Disposable first = single.send(whole(server.url()), soon()).subscribe(answer -> {}, thrown -> {});
            Eventually.within(
                    PATIENCE, "the first call is out", () -> server.requests().size() == 1);

            Failure failure = Await.failure(single.send(whole(server.url()), soon()));

            first.dispose();
            assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
            assertThat(failure.status()).isEqualTo(503);
            assertThat(failure.getMessage()).contains("in use");
            assertThat(failure.retryAfter()).contains("1");
        }
    }

    @Test
    void two_hundred_calls_wait_for_one_host_while_another_answers() {
        try (RawUpstream slow = new RawUpstream(talk -> {
                    talk.readRequest();
                    talk.awaitClose();
                });
                RawUpstream quick = RawUpstream.answering(RawUpstream.json("{}"))) {
            Sender wide = sender(settings(LONG, LONG, 1000));
            Disposable.Composite waiting = Disposables.composite();
            for (int i = 0; i < 200; i++) {
                waiting.add(wide.send(whole(slow.url()), soon()).subscribe(answer -> {}, thrown -> {}));
            }
            Eventually.within(PATIENCE, "all are out", () -> slow.requests().size() == 200);

            UpstreamResponse.Whole answer = answer(wide, quick.url());

            waiting.dispose();
            assertThat(answer.status()).isEqualTo(200);
        }
    }

    @Test
    void a_caller_who_leaves_while_waiting_closes_the_upstream_connection_at_once() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        RawUpstream.Script silent = talk -> {
            talk.readRequest();
            talk.awaitClose();
            closed.countDown();
        };
        try (RawUpstream server = new RawUpstream(silent)) {
            Disposable call = upstream.send(whole(server.url()), soon()).subscribe();
            Eventually.within(
                    PATIENCE, "the request is out", () -> !server.requests().isEmpty());

            call.dispose();

            assertThat(closed.await(1, TimeUnit.SECONDS))
                    .as("closed within 1 s")
                    .isTrue();
        }
    }

    @Test
    void a_caller_who_leaves_inside_a_body_closes_the_upstream_connection_at_once() throws Exception {
        CountDownLatch half = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        RawUpstream.Script slow = talk -> {
            talk.readRequest();
            talk.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{");
            half.countDown();
            talk.awaitClose();
            closed.countDown();
        };
        try (RawUpstream server = new RawUpstream(slow)) {
            Disposable call = upstream.send(whole(server.url()), soon()).subscribe();
            assertThat(half.await(5, TimeUnit.SECONDS)).isTrue();

            call.dispose();

            assertThat(closed.await(1, TimeUnit.SECONDS))
                    .as("closed within 1 s")
                    .isTrue();
        }
    }

    @Test
    void nothing_is_sent_before_somebody_subscribes() {
        try (RawUpstream server = RawUpstream.answering(RawUpstream.json("{}"))) {

            Mono<UpstreamResponse> call = upstream.send(whole(server.url()), soon());

            assertThat(server.connections()).isZero();
            assertThat(Await.value(call).status()).isEqualTo(200);
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void an_early_refusal_of_a_large_body_arrives() {
        RawUpstream.Script refuses = talk -> {
            talk.send("HTTP/1.1 413 Too Large\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n"
                    + "Connection: close\r\n\r\nbig");
            talk.awaitClose();
        };
        try (RawUpstream server = new RawUpstream(refuses)) {
            byte[] large = new byte[4 * 1024 * 1024];

            UpstreamRequest request = new UpstreamRequest(server.url(), Map.of(), large, false);

            int status = Await.value(upstream.send(request, soon())
                    .map(UpstreamResponse::status)
                    .onErrorResume(Failure.class, failure -> Mono.just(failure.status())));

            // Whether the answer is seen before the broken pipe is the network's choice; it never hangs.
            assertThat(status).isIn(413, 502);
        }
    }

    private static void sendZipped(RawUpstream.Talk talk, byte[] zipped) throws IOException {
        talk.readRequest();
        talk.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: "
                + zipped.length + "\r\n\r\n");
        talk.send(zipped);
        talk.awaitClose();
    }

    private static byte[] gzip(byte[] plain) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
            zip.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
