package io.mlflowgateway.server.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.testing.Eventually;
import io.mlflowgateway.server.testing.FakeClock;
import io.mlflowgateway.server.testing.GatewayProcess;
import io.mlflowgateway.server.testing.HttpAnswers;
import io.mlflowgateway.server.testing.RawUpstream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The clock of a running gateway jumps an hour ahead and then two hours back. */
@Timeout(120)
class ClockJumpIT {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final String BODY = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"stream\":%s}";

    @TempDir
    private Path folder;

    private final CountDownLatch jumped = new CountDownLatch(1);

    /** What a call got, and after how long. */
    private record Timed(HttpAnswers.Answer answer, double seconds) {}

    @Test
    @Proves(Row.CLOCK_JUMP)
    void clock_jump_is_noticed_by_no_limit_and_no_timeout() throws Exception {
        FakeClock clock = new FakeClock(folder);
        try (RawUpstream upstream = new RawUpstream(this::talk)) {
            Path file = Files.writeString(folder.resolve("gateway.yaml"), config(upstream, "first"));
            try (GatewayProcess gateway = new GatewayProcess(
                    clock.variables(),
                    "start",
                    "--port",
                    "0",
                    "--config-path",
                    file.toString(),
                    "--first-byte-timeout",
                    "2s",
                    "--request-head-timeout",
                    "2s")) {
                int port = gateway.port();
                for (int call = 0; call < 3; call++) {
                    assertThat(call(port, "limited").status()).isEqualTo(200);
                }
                assertThat(call(port, "limited").status()).isEqualTo(429);
                CompletableFuture<Timed> stream = timed(() -> stream(port));

                Timed waitedAhead = across(clock, HOUR, port, () -> call(port, "hangs"));
                HttpAnswers.Answer limitedAhead = call(port, "limited");
                assertThat(call(port, "quick").status()).isEqualTo(200);
                Timed waitedBack = across(clock, HOUR.negated(), port, () -> call(port, "hangs"));
                HttpAnswers.Answer limitedBack = call(port, "limited");
                Eventually.within(
                        Duration.ofSeconds(5),
                        "a second's limit is renewed",
                        () -> call(port, "quick").status() == 200);
                Timed headAhead = across(clock, HOUR, port, () -> halfAHead(port));
                Files.writeString(file, config(upstream, "second"));
                Eventually.within(
                        Duration.ofSeconds(5),
                        "a change of the file is in force",
                        () -> call(port, "second").status() == 200);
                jumped.countDown();

                assertThat(waitedAhead.answer().status()).isEqualTo(504);
                assertThat(waitedAhead.seconds()).isBetween(1.9, 6.0);
                assertThat(waitedBack.answer().status()).isEqualTo(504);
                assertThat(waitedBack.seconds()).isBetween(1.9, 6.0);
                assertThat(headAhead.answer().status()).isEqualTo(408);
                assertThat(headAhead.seconds()).isBetween(1.9, 6.0);
                assertThat(limitedAhead.status()).isEqualTo(429);
                assertThat(limitedBack.status()).isEqualTo(429);
                assertThat(Integer.parseInt(limitedBack.header("retry-after"))).isBetween(1, 60);
                assertThat(stream.get(20, TimeUnit.SECONDS).answer().text()).endsWith("data: [DONE]\n\n");
                gateway.terminate();
                assertThat(gateway.exitCode()).isZero();
                Figures.seen(
                        Row.CLOCK_JUMP,
                        "clock_jump_is_noticed_by_no_limit_and_no_timeout",
                        String.format(
                                "Date jumped +1 h and -2 h: 2 s timeouts came after %.1f s, %.1f s and %.1f s, 3 calls a"
                                        + " minute stayed 3, a second's limit was renewed, a reload was seen, a stream"
                                        + " ended with [DONE]",
                                waitedAhead.seconds(), waitedBack.seconds(), headAhead.seconds()));
            }
        }
    }

    private interface Asking {
        HttpAnswers.Answer ask() throws IOException;
    }

    private static CompletableFuture<Timed> timed(Asking asking) {
        CompletableFuture<Timed> result = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    long began = System.nanoTime();
                    try {
                        HttpAnswers.Answer answer = asking.ask();
                        result.complete(new Timed(answer, (System.nanoTime() - began) / 1e9));
                    } catch (IOException | AssertionError e) {
                        result.completeExceptionally(e);
                    }
                },
                "caller");
        thread.setDaemon(true);
        thread.start();
        return result;
    }

    /** Asks, and lets the clock jump while the answer is awaited. The answers' Date shows that it did. */
    private static Timed across(FakeClock clock, Duration to, int port, Asking asking) throws Exception {
        CompletableFuture<Timed> answer = timed(asking);
        long began = System.nanoTime();
        Eventually.within(Duration.ofSeconds(5), "half a second", () -> System.nanoTime() - began > 500_000_000L);
        clock.jumpTo(to);
        Eventually.within(Duration.ofSeconds(5), "its clock shows the jump", () -> isNear(to, ahead(port)));
        assertThat(answer).as("it still waits").isNotDone();
        return answer.get(20, TimeUnit.SECONDS);
    }

    private static boolean isNear(Duration expected, Duration shown) {
        return expected.minus(shown).abs().compareTo(Duration.ofSeconds(60)) < 0;
    }

    /** How far the gateway's clock is ahead of ours. */
    private static Duration ahead(int port) {
        ZonedDateTime shown =
                ZonedDateTime.parse(call(port, "none").header("date"), DateTimeFormatter.RFC_1123_DATE_TIME);
        return Duration.between(Instant.now(), shown.toInstant());
    }

    private static HttpAnswers.Answer call(int port, String route) {
        try {
            return Caller.stream(port, "/endpoints/" + route + "/invocations", String.format(BODY, false));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static HttpAnswers.Answer stream(int port) throws IOException {
        return Caller.stream(port, "/endpoints/streams/invocations", String.format(BODY, true));
    }

    private static HttpAnswers.Answer halfAHead(int port) throws IOException {
        try (Socket socket = Caller.connect(port)) {
            socket.getOutputStream().write("GET /health HTTP/1.1\r\nHo".getBytes(StandardCharsets.US_ASCII));
            return Caller.answer(socket);
        }
    }

    /** Says nothing to a whole call; to a stream something each moment, until all jumps are over. */
    private void talk(RawUpstream.Talk talk) throws IOException, InterruptedException {
        Optional<RawUpstream.Request> request = talk.next();
        if (request.isEmpty() || !request.get().body().contains("\"stream\":true")) {
            talk.awaitClose();
            return;
        }
        talk.send(RawUpstream.STREAM_HEAD);
        do {
            talk.send(RawUpstream.chunk("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\"}}]}\n\n"));
        } while (!jumped.await(200, TimeUnit.MILLISECONDS));
        talk.send(RawUpstream.chunk("data: [DONE]\n\n") + RawUpstream.LAST_CHUNK);
    }

    private static String config(RawUpstream upstream, String name) {
        return """
                endpoints:
                  - {name: %1$s, endpoint_type: llm/v1/chat, model: {provider: echo, name: e}}
                  - name: limited
                    endpoint_type: llm/v1/chat
                    model: {provider: echo, name: e}
                    limit: {calls: 3, renewal_period: minute}
                  - name: quick
                    endpoint_type: llm/v1/chat
                    model: {provider: echo, name: e}
                    limit: {calls: 1, renewal_period: second}
                  - name: hangs
                    endpoint_type: llm/v1/chat
                    model: &served {provider: openai, name: m, config: {openai_api_key: k, openai_api_base: 'http://127.0.0.1:%2$d/v1'}}
                  - {name: streams, endpoint_type: llm/v1/chat, model: *served}
                """.formatted(name, upstream.port());
    }
}
