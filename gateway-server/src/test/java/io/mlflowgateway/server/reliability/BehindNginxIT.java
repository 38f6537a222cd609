package io.mlflowgateway.server.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.testing.Eventually;
import io.mlflowgateway.server.testing.ScriptedUpstream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code deploy/nginx/gateway.conf} keeps what the gateway promises. */
@Timeout(120)
class BehindNginxIT {
    private static final String CALL = "{\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}],\"stream\":%s}";
    private static final String ENDLESS = "tell me a story without end";
    private static final int TEN_MIB = 10 << 20;
    private static final int PIECES = 5;

    @TempDir
    static Path folder;

    /** The next piece of a stream may go out. */
    private static final Semaphore MAY_SAY = new Semaphore(0);

    /** When the last piece went out. */
    private static final AtomicLong SAID_NANOS = new AtomicLong();

    private static ScriptedUpstream upstream = new ScriptedUpstream(BehindNginxIT::answer);
    private static BehindNginx house;

    @BeforeAll
    static void start() throws IOException {
        house = new BehindNginx(folder, upstream);
    }

    @AfterAll
    static void stop() {
        if (house != null) {
            house.close();
        }
        upstream.close();
    }

    private static void answer(ScriptedUpstream.Exchange exchange) throws IOException, InterruptedException {
        boolean streams = exchange.body().contains("\"stream\":true");
        if (exchange.body().contains(ENDLESS)) {
            (streams ? exchange.beginStream().say("piece-0") : exchange).awaitGone();
        } else if (streams) {
            exchange.beginStream();
            for (int piece = 0; piece < PIECES && MAY_SAY.tryAcquire(20, TimeUnit.SECONDS); piece++) {
                SAID_NANOS.set(System.nanoTime());
                exchange.say("piece-" + piece);
            }
            exchange.endStream();
        } else {
            exchange.chat("whole");
        }
    }

    @Test
    void events_of_a_stream_arrive_one_by_one() throws Exception {
        long latest = 0;
        MAY_SAY.release();
        HttpResponse<InputStream> answer = streamOf("hi");
        try (BufferedReader lines = lines(answer)) {
            for (int piece = 0; piece < PIECES; piece++) {
                assertThat(event(lines)).contains("piece-" + piece);
                latest = Math.max(latest, System.nanoTime() - SAID_NANOS.get());
                // The upstream says the next one only now: if any were held back, this would wait in vain.
                MAY_SAY.release();
            }

            assertThat(event(lines)).contains("\"stop\"");
            assertThat(event(lines)).isEqualTo("data: [DONE]");
        }
        MAY_SAY.drainPermits();
        System.out.println("each event arrived at most " + latest / 1_000 + " us after it was sent");
    }

    @Proves(Row.CALLER_GONE)
    @Test
    void caller_gone_from_nginx_ends_the_upstream_call_of_a_stream() throws Exception {
        HttpResponse<InputStream> answer = streamOf(ENDLESS);
        assertThat(event(lines(answer))).contains("piece-0");
        int before = upstream.openConnections();

        long left = System.nanoTime();
        answer.body().close();

        Eventually.within(Duration.ofSeconds(1), "the upstream call ends", () -> upstream.openConnections() < before);
        seen("caller_gone_from_nginx_ends_the_upstream_call_of_a_stream", left);
    }

    @Proves(Row.CALLER_GONE)
    @Test
    void caller_gone_from_nginx_ends_the_upstream_call_it_waits_for() {
        int asked = upstream.requests();
        CompletableFuture<HttpResponse<String>> call = house.client()
                .sendAsync(house.chat(String.format(CALL, ENDLESS, false)).build(), BodyHandlers.ofString());
        Eventually.within(Duration.ofSeconds(10), "the call is upstream", () -> upstream.requests() > asked);
        int before = upstream.openConnections();

        long left = System.nanoTime();
        call.cancel(true);

        Eventually.within(Duration.ofSeconds(1), "the upstream call ends", () -> upstream.openConnections() < before);
        seen("caller_gone_from_nginx_ends_the_upstream_call_it_waits_for", left);
    }

    private static void seen(String test, long since) {
        long millis = (System.nanoTime() - since) / 1_000_000;
        Figures.seen(Row.CALLER_GONE, test, "behind nginx the upstream connection was closed after " + millis + " ms");
    }

    @Test
    void a_body_of_just_the_limit_passes_and_arrives_whole() throws Exception {
        int asked = upstream.requests();

        HttpResponse<String> answer = send(house.chat(bodyOf(TEN_MIB)));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("whole");
        assertThat(upstream.requests()).isEqualTo(asked + 1);
    }

    @Test
    void a_body_a_little_too_large_is_refused_in_the_words_of_the_gateway() throws Exception {
        HttpResponse<String> answer = send(house.chat(bodyOf(TEN_MIB + 1)));

        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(answer.headers().firstValue("x-gateway-error-source")).hasValue("gateway");
        assertThat(answer.body()).contains("larger than");
    }

    @Test
    void a_body_much_too_large_is_refused_by_nginx() throws Exception {
        HttpResponse<String> answer = send(house.chat(bodyOf(3 * TEN_MIB)));

        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(answer.headers().firstValue("x-gateway-error-source")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"mine-1.2:3", "far too (odd) for the gateway", ""})
    void the_request_id_is_one_in_the_answer_and_in_the_log(String given) throws Exception {
        HttpRequest.Builder call = house.chat(String.format(CALL, "hi", false));
        if (!given.isEmpty()) {
            call.header("X-Request-Id", given);
        }

        HttpResponse<String> answer = send(call);

        String id = answer.headers().firstValue("x-request-id").orElseThrow();
        assertThat(id).matches(given.startsWith("mine") ? "mine-1\\.2:3" : "[0-9a-f]{32}");
        Eventually.within(
                Duration.ofSeconds(5),
                "nginx has logged " + id,
                () -> house.accessLog().stream().anyMatch(line -> line.contains(" id=" + id + " ")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/metrics", "/metrics/", "//metrics", "/%6detrics", "/x/../metrics", "/metrics?a=b"})
    void the_metrics_are_not_shown_outside(String path) {
        String answer = raw("GET " + path + " HTTP/1.1\r\nHost: " + BehindNginx.NAME + "\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 404").contains("<html>");
    }

    @Test
    void the_gateway_answers_to_the_name_it_was_given_and_to_no_other() {
        String request = "GET /health HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n";

        assertThat(raw(request.formatted(BehindNginx.NAME))).startsWith("HTTP/1.1 200");
        assertThat(raw(request.formatted("rebound.example.net"))).startsWith("HTTP/1.1 421");
    }

    @Test
    void a_post_is_not_sent_again_when_the_gateway_dies_over_it() throws Exception {
        AtomicInteger busy = new AtomicInteger(-1);
        ScriptedUpstream.Script hang = exchange -> {
            busy.set(exchange.body().contains("model-1") ? 1 : 0);
            exchange.awaitGone();
        };
        try (ScriptedUpstream of = new ScriptedUpstream(hang);
                BehindNginx doomed = new BehindNginx(folder.resolve("doomed"), of)) {
            CompletableFuture<HttpResponse<String>> call = doomed.client()
                    .sendAsync(doomed.chat(String.format(CALL, "hi", false)).build(), BodyHandlers.ofString());
            Eventually.within(Duration.ofSeconds(10), "the call is upstream", () -> busy.get() >= 0);

            doomed.kill(busy.get());

            assertThat(call.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(502);
            assertThat(of.requests()).isEqualTo(1);
        }
    }

    private static HttpResponse<InputStream> streamOf(String content) throws Exception {
        return house.client()
                .send(house.chat(String.format(CALL, content, true)).build(), BodyHandlers.ofInputStream());
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return house.client().send(request.build(), BodyHandlers.ofString());
    }

    /** A call of exactly this many bytes. */
    private static String bodyOf(int bytes) {
        int around = String.format(CALL, "", false).length();
        return String.format(CALL, "x".repeat(bytes - around), false);
    }

    private static BufferedReader lines(HttpResponse<InputStream> answer) {
        return new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
    }

    private static String event(BufferedReader lines) throws IOException {
        String line = lines.readLine();
        assertThat(lines.readLine()).isEmpty();
        return line;
    }

    private static String raw(String request) {
        try (Socket socket = house.connect()) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }
}
