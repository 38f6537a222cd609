package io.mlflowgateway.server.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.mlflowgateway.server.testing.Eventually;
import io.mlflowgateway.server.testing.GatewayProcess;
import io.mlflowgateway.server.testing.HttpAnswers;
import io.mlflowgateway.server.testing.RawUpstream;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The built jar is told to stop while streams and calls are running. */
@Timeout(120)
class SigtermIT {
    private static final int SHORT_STREAMS = 30;
    private static final int ENDLESS_STREAMS = 20;
    private static final int WAITING_CALLS = 20;
    private static final String CALL = "{\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}],\"stream\":%s}";
    private static final String PATH = "/endpoints/chat/invocations";

    @TempDir
    private Path folder;

    private final CountDownLatch stopping = new CountDownLatch(1);
    private final AtomicInteger asked = new AtomicInteger();

    @Test
    @Proves(Row.SIGTERM)
    void sigterm_lets_streams_end_and_cuts_the_others_with_an_error() throws Exception {
        try (RawUpstream upstream = new RawUpstream(this::talk);
                GatewayProcess gateway = start(upstream, "--drain-timeout", "6s")) {
            int port = gateway.port();
            List<CompletableFuture<HttpAnswers.Answer>> ending = callers(SHORT_STREAMS, port, "short", true);
            List<CompletableFuture<HttpAnswers.Answer>> endless = callers(ENDLESS_STREAMS, port, "endless", true);
            List<CompletableFuture<HttpAnswers.Answer>> waiting = callers(WAITING_CALLS, port, "waiting", false);
            Eventually.within(
                    Duration.ofSeconds(30),
                    "all of them run",
                    () -> asked.get() == SHORT_STREAMS + ENDLESS_STREAMS + WAITING_CALLS);

            long told = System.nanoTime();
            gateway.terminate();
            stopping.countDown();
            Eventually.within(Duration.ofSeconds(3), "new connections are refused", () -> refused(port));
            double refusedAfter = seconds(told);
            int exit = gateway.exitCode();
            double ended = seconds(told);

            assertThat(exit).isZero();
            assertThat(ended).isLessThan(15);
            long done = count(ending, SigtermIT::isDone);
            long cut = count(endless, SigtermIT::isCutWithAnError);
            long unavailable = count(waiting, answer -> answer.status() == 503);
            assertThat(done).isEqualTo(SHORT_STREAMS);
            assertThat(cut).isEqualTo(ENDLESS_STREAMS);
            assertThat(unavailable).isEqualTo(WAITING_CALLS);
            Figures.seen(
                    Row.SIGTERM,
                    "sigterm_lets_streams_end_and_cuts_the_others_with_an_error",
                    String.format(
                            "%d streams ended with [DONE], %d were cut with an error, 0 in silence; %d waiting calls got 503;"
                                    + " new connections refused after %.1f s, exit code 0 after %.1f s with 6 s to drain",
                            done, cut, unavailable, refusedAfter, ended));
        }
    }

    @Test
    @Proves(Row.SIGTERM)
    void sigterm_is_announced_for_the_drain_delay() throws Exception {
        try (RawUpstream upstream = new RawUpstream(this::talk);
                GatewayProcess gateway = start(upstream, "--drain-delay", "3s", "--drain-timeout", "5s")) {
            int port = gateway.port();
            assertThat(get(port, "/health/ready").status()).isEqualTo(200);

            gateway.terminate();
            Eventually.within(
                    Duration.ofSeconds(2),
                    "it says that it is not ready",
                    () -> get(port, "/health/ready").status() == 503);
            HttpAnswers.Answer health = get(port, "/health");
            stopping.countDown();
            HttpAnswers.Answer call = Caller.stream(port, PATH, String.format(CALL, "short", true));
            Eventually.within(Duration.ofSeconds(8), "new connections are refused", () -> refused(port));

            assertThat(health.status()).isEqualTo(200);
            assertThat(health.text()).contains("OK");
            assertThat(isDone(call)).isTrue();
            assertThat(gateway.exitCode()).isZero();
            Figures.seen(
                    Row.SIGTERM,
                    "sigterm_is_announced_for_the_drain_delay",
                    "for 3 s /health/ready was 503, /health 200 and new calls were served; then connections were refused");
        }
    }

    @ParameterizedTest
    @CsvSource({"TERM, 143", "INT, 130"})
    @Proves(Row.SIGTERM)
    void sigterm_twice_ends_it_at_once(String second, int expected) throws Exception {
        assumeThat(second.equals("INT") && interruptsAreIgnored())
                .as("a shell started this in the background, where SIGINT is ignored by all that is started there")
                .isFalse();
        try (RawUpstream upstream = new RawUpstream(this::talk);
                GatewayProcess gateway = start(upstream, "--drain-timeout", "60s")) {
            int port = gateway.port();
            List<CompletableFuture<HttpAnswers.Answer>> endless = callers(1, port, "endless", true);
            Eventually.within(Duration.ofSeconds(30), "it runs", () -> asked.get() == 1);
            gateway.terminate();
            stopping.countDown();
            Eventually.within(Duration.ofSeconds(5), "it is stopping", () -> refused(port));

            long told = System.nanoTime();
            gateway.signal(second);
            int exit = gateway.exitCode();
            double took = seconds(told);

            assertThat(exit).isEqualTo(expected);
            assertThat(took).isLessThan(5);
            assertThat(endless.get(0)).failsWithin(Duration.ofSeconds(5));
            Figures.seen(
                    Row.SIGTERM,
                    "sigterm_twice_ends_it_at_once",
                    String.format(
                            "a second signal while a stream had 60 s to end: exit code %d after %.2f s", exit, took));
        }
    }

    private GatewayProcess start(RawUpstream upstream, String... more) throws IOException {
        Path file = Files.writeString(folder.resolve("gateway.yaml"), """
                endpoints:
                  - name: chat
                    endpoint_type: llm/v1/chat
                    model:
                      provider: openai
                      name: m
                      config: {openai_api_key: k, openai_api_base: 'http://127.0.0.1:%d/v1'}
                """.formatted(upstream.port()));
        List<String> arguments = new ArrayList<>(List.of("start", "--port", "0", "--config-path", file.toString()));
        arguments.addAll(List.of(more));
        return new GatewayProcess(Map.of(), arguments.toArray(String[]::new));
    }

    private static List<CompletableFuture<HttpAnswers.Answer>> callers(
            int count, int port, String says, boolean streams) {
        List<CompletableFuture<HttpAnswers.Answer>> callers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            callers.add(CompletableFuture.supplyAsync(
                    () -> call(port, String.format(CALL, says, streams)), work -> new Thread(work, "caller").start()));
        }
        return callers;
    }

    private static HttpAnswers.Answer call(int port, String body) {
        try {
            return Caller.stream(port, PATH, body);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static long count(List<CompletableFuture<HttpAnswers.Answer>> callers, Predicate<HttpAnswers.Answer> what) {
        return callers.stream()
                .map(caller -> caller.orTimeout(10, TimeUnit.SECONDS).join())
                .filter(what)
                .count();
    }

    private static boolean isDone(HttpAnswers.Answer answer) {
        return answer.status() == 200
                && answer.text().endsWith("data: [DONE]\n\n")
                && !answer.text().contains("\"error\"");
    }

    private static boolean isCutWithAnError(HttpAnswers.Answer answer) {
        return answer.status() == 200
                && answer.text().contains("data: {\"error\":")
                && !answer.text().contains("[DONE]");
    }

    private static HttpAnswers.Answer get(int port, String path) {
        try (Socket socket = Caller.connect(port)) {
            socket.getOutputStream().write(Caller.get(path));
            return Caller.answer(socket);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean refused(int port) {
        try (Socket probe = Caller.connect(port)) {
            return probe.isClosed();
        } catch (IOException e) {
            return true;
        }
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    /** Short streams end two seconds after the signal; endless ones go on; waiting calls get nothing. */
    private void talk(RawUpstream.Talk talk) throws IOException, InterruptedException {
        Optional<RawUpstream.Request> request = talk.next();
        while (request.isPresent()) {
            String body = request.get().body();
            if (body.contains("waiting")) {
                asked.incrementAndGet();
                talk.awaitClose();
                return;
            }
            talk.send(RawUpstream.STREAM_HEAD + piece("null"));
            asked.incrementAndGet();
            if (body.contains("endless")) {
                while (true) {
                    talk.idle(200);
                    talk.send(piece("null"));
                }
            }
            if (!stopping.await(60, TimeUnit.SECONDS)) {
                return;
            }
            for (int i = 0; i < 10; i++) {
                talk.idle(200);
                talk.send(piece("null"));
            }
            talk.send(piece("\"stop\"") + RawUpstream.chunk("data: [DONE]\n\n") + RawUpstream.LAST_CHUNK);
            request = talk.next();
        }
    }

    private static String piece(String finish) {
        return RawUpstream.chunk("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\"},\"finish_reason\":"
                + finish + "}]}\n\n");
    }

    /** By {@code proc(5)}: the mask of what is ignored, the lowest bit for signal 1. Children begin with the same. */
    private static boolean interruptsAreIgnored() throws IOException {
        String ignored = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .map(line -> line.substring("SigIgn:".length()).strip())
                .findFirst()
                .orElse("0");
        return (Long.parseUnsignedLong(ignored, 16) & 0b10) != 0;
    }
}
