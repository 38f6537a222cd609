package io.mlflowgateway.server.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.testing.GatewayProcess;
import io.mlflowgateway.server.testing.HttpAnswers;
import io.mlflowgateway.server.testing.RawUpstream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The built jar with 256 MiB of heap, and 500 streams that all run at the same moment. */
class ManyStreamsIT {
    private static final int STREAMS = 500;
    private static final int PIECES = 20;
    private static final long MOST_KIB_EACH = 40;
    private static final String PATH = "/endpoints/chat/invocations";
    private static final String STREAM = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"stream\":true}";

    @TempDir
    private Path folder;

    private final CountDownLatch allRun = new CountDownLatch(STREAMS);

    @Test
    @Proves(Row.MANY_STREAMS)
    void many_streams_at_once_lose_no_piece() throws IOException {
        ExecutorService callers = Executors.newFixedThreadPool(STREAMS);
        try (RawUpstream upstream = new RawUpstream(this::stream);
                GatewayProcess gateway = start(upstream)) {
            int port = gateway.port();
            ProcessWatch watch = new ProcessWatch(gateway.pid());
            long before = watch.sample().heapKib();

            List<CompletableFuture<HttpAnswers.Answer>> streams = IntStream.range(0, STREAMS)
                    .mapToObj(i -> CompletableFuture.supplyAsync(() -> call(port), callers))
                    .toList();
            long during = heapWhileAllRun(watch);

            for (CompletableFuture<HttpAnswers.Answer> stream : streams) {
                String text = stream.join().text();
                assertThat(text).endsWith("data: [DONE]\n\n");
                assertThat(text.split("\"content\":\"piece ", -1)).hasSize(PIECES + 1);
            }
            assertThat((during - before) / STREAMS)
                    .as("KiB of heap for a stream")
                    .isLessThan(MOST_KIB_EACH);
            assertThat(gateway.output()).doesNotContain("OutOfMemory").doesNotContain("ERROR");
            Figures.seen(
                    Row.MANY_STREAMS,
                    "many_streams_at_once_lose_no_piece",
                    STREAMS + " streams at the same moment: all " + PIECES + " pieces of each; "
                            + (during - before) / STREAMS + " KiB of heap each");
        } finally {
            callers.shutdownNow();
        }
    }

    private long heapWhileAllRun(ProcessWatch watch) {
        try {
            assertThat(allRun.await(60, TimeUnit.SECONDS)).as("all run at once").isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return watch.sample().heapKib();
    }

    /** One half of the pieces, then nothing until all streams are as far, then the other half. */
    private void stream(RawUpstream.Talk talk) throws IOException, InterruptedException {
        if (!talk.readRequest()) {
            return;
        }
        talk.send(RawUpstream.STREAM_HEAD);
        for (int i = 0; i < PIECES; i++) {
            if (i == PIECES / 2) {
                allRun.countDown();
                if (!allRun.await(60, TimeUnit.SECONDS)) {
                    return;
                }
                talk.idle(2_000);
            }
            talk.send(piece("piece " + i, "null"));
        }
        talk.send(piece("", "\"stop\"") + RawUpstream.chunk("data: [DONE]\n\n") + RawUpstream.LAST_CHUNK);
        talk.awaitClose();
    }

    private static String piece(String content, String finish) {
        return RawUpstream.chunk("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + content
                + "\"},\"finish_reason\":" + finish + "}]}\n\n");
    }

    private static HttpAnswers.Answer call(int port) {
        try {
            return Caller.stream(port, PATH, STREAM);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private GatewayProcess start(RawUpstream upstream) throws IOException {
        Path file = Files.writeString(folder.resolve("gateway.yaml"), """
                endpoints:
                  - name: chat
                    endpoint_type: llm/v1/chat
                    model:
                      provider: openai
                      name: m
                      config: {openai_api_key: k, openai_api_base: 'http://127.0.0.1:%d/v1'}
                """.formatted(upstream.port()));
        return new GatewayProcess(Map.of(), "start", "--port", "0", "--config-path", file.toString());
    }
}
