package io.mlflowgateway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.mlflowgateway.server.testing.Eventually;
import io.mlflowgateway.server.testing.GatewayProcess;
import io.mlflowgateway.server.testing.RawConnection;
import io.mlflowgateway.server.testing.RawUpstream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Answers of providers that together would fill the heap of 256 MiB the gateway runs in here. */
class LargeAnswersIT {
    private static final int CALLERS = 20;
    private static final int LARGE = 15 << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TempDir
    private Path folder;

    /** What a caller saw of its answer. */
    private record Seen(int status, Optional<String> retryAfter, String beginning, long bytes) {}

    @ParameterizedTest
    @CsvSource({
        "/endpoints/chat/invocations, chat",
        "/gateway/classic/invocations, chat",
        "/gateway/classic-numbers/invocations, numbers",
        "/endpoints/trees/invocations, values"
    })
    void twenty_answers_that_do_not_fit_together_are_served_or_refused_one_by_one(String path, String what)
            throws IOException {
        byte[] large = large(what);
        byte[] small = switch (what) {
            case "chat" -> chat("small");
            case "numbers" -> json("{\"data\":[{\"index\":0,\"embedding\":[0.5]}]}");
            default -> json("[[0.5]]");
        };
        try (RawUpstream upstream = new RawUpstream(talk -> answer(talk, large, small));
                GatewayProcess gateway = start(upstream)) {
            int port = gateway.port();

            List<CompletableFuture<Seen>> calls = Stream.generate(() -> call(port, path, "large"))
                    .limit(CALLERS)
                    .toList();
            Map<Integer, Long> statuses = calls.stream()
                    .map(CompletableFuture::join)
                    .peek(seen -> check(seen, large.length / 2))
                    .collect(Collectors.groupingBy(Seen::status, Collectors.counting()));

            System.out.println(path + " " + what + " " + statuses + " peak RSS " + peak(gateway) + " MiB");
            assertThat(statuses).containsKey(200);
            assertThat(statuses.keySet()).isSubsetOf(200, 503);
            assertThat(call(port, path, "small").join().status()).isEqualTo(200);
            assertThat(gateway.output()).doesNotContain("OutOfMemory").doesNotContain("ERROR");
        }
    }

    @Test
    void answers_that_callers_do_not_read_count_until_their_callers_are_gone() throws IOException {
        byte[] large = chat("w".repeat(LARGE));
        byte[] small = chat("small");
        try (RawUpstream upstream = new RawUpstream(talk -> answer(talk, large, small));
                GatewayProcess gateway = start(upstream)) {
            int port = gateway.port();
            String path = "/endpoints/chat/invocations";
            List<RawConnection> idle = new ArrayList<>();
            // Callers that come at the same moment may all be refused, so one more comes before each look.
            Eventually.within(PATIENCE, "no more fits", () -> {
                idle.add(new RawConnection(port).post(path, body(path, "large")));
                return call(port, path, "large").join().status() == 503;
            });

            assertThat(call(port, path, "small").join().status()).isEqualTo(200);

            idle.forEach(RawConnection::close);
            Eventually.within(
                    PATIENCE,
                    "there is room again",
                    () -> call(port, path, "large").join().status() == 200);
            assertThat(gateway.output()).doesNotContain("OutOfMemory").doesNotContain("ERROR");
        }
    }

    @Test
    void a_gzip_bomb_costs_little() throws IOException {
        assumeThat(Path.of("/proc/self/status")).exists();
        byte[] bomb = zipped(256 << 20);
        byte[] small = zipped(1 << 20);
        try (RawUpstream upstream = new RawUpstream(talk -> answer(talk, bomb, small));
                GatewayProcess gateway = start(upstream)) {
            int port = gateway.port();
            String path = "/endpoints/chat/invocations";
            for (int warm = 0; warm < 20; warm++) {
                assertThat(call(port, path, "small").join().status()).isEqualTo(502);
            }
            long before = peak(gateway);

            assertThat(call(port, path, "large").join().status()).isEqualTo(502);

            long grown = peak(gateway) - before;
            System.out.println("a bomb of 256 MiB: +" + grown + " MiB");
            assertThat(grown).isLessThanOrEqualTo(64);
        }
    }

    private static byte[] zipped(int zeros) throws IOException {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(zipped)) {
            byte[] some = new byte[1 << 20];
            for (int written = 0; written < zeros; written += some.length) {
                zip.write(some);
            }
        }
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        answer.writeBytes(("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n"
                        + "Content-Length: " + zipped.size() + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        answer.writeBytes(zipped.toByteArray());
        return answer.toByteArray();
    }

    private static void check(Seen seen, int least) {
        if (seen.status() == 503) {
            assertThat(seen.retryAfter()).contains("1");
            assertThat(seen.beginning()).startsWith("{").containsAnyOf("large answers", "too little memory");
        } else {
            assertThat(seen.bytes()).isGreaterThan(least);
        }
    }

    private static CompletableFuture<Seen> call(int port, String path, String word) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(50))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body(path, word)))
                .build();
        Counting counting = new Counting();
        return HTTP.sendAsync(request, HttpResponse.BodyHandlers.ofByteArrayConsumer(counting))
                .thenApply(answer -> new Seen(
                        answer.statusCode(),
                        answer.headers().firstValue("retry-after"),
                        counting.beginning.toString(),
                        counting.bytes.get()));
    }

    private static String body(String path, String word) {
        return path.contains("numbers")
                ? "{\"text\":\"" + word + "\"}"
                : path.contains("trees")
                        ? "{\"input\":\"" + word + "\"}"
                        : "{\"messages\":[{\"role\":\"user\",\"content\":\"" + word + "\"}]}";
    }

    private static final class Counting implements Consumer<Optional<byte[]>> {
        final AtomicLong bytes = new AtomicLong();
        final StringBuffer beginning = new StringBuffer();

        @Override
        public void accept(Optional<byte[]> part) {
            part.ifPresent(this::add);
        }

        private void add(byte[] part) {
            bytes.addAndGet(part.length);
            if (beginning.length() < 1_000) {
                beginning.append(new String(part, StandardCharsets.UTF_8), 0, Math.min(1_000, part.length));
            }
        }
    }

    private static void answer(RawUpstream.Talk talk, byte[] large, byte[] small) throws IOException {
        Optional<RawUpstream.Request> request = talk.next();
        while (request.isPresent()) {
            talk.send(request.get().body().contains("large") ? large : small);
            request = talk.next();
        }
    }

    private static byte[] large(String what) {
        return switch (what) {
            case "chat" -> chat("w".repeat(LARGE));
            case "numbers" -> numbers();
            // One vector of nearly as many values as are read as a tree.
            default -> json("[[" + "-0.25,".repeat(990_000) + "-0.25]]");
        };
    }

    private static byte[] chat(String content) {
        return json(
                "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
                        + "\"message\":{\"role\":\"assistant\",\"content\":\"" + content
                        + "\"},\"finish_reason\":\"stop\"}]}");
    }

    private static byte[] numbers() {
        String vector = "-0.01234567,".repeat(1_000);
        String one = "{\"index\":0,\"embedding\":[" + vector.substring(0, vector.length() - 1) + "]},";
        String all = one.repeat(LARGE / one.length());
        return json("{\"data\":[" + all.substring(0, all.length() - 1) + "]}");
    }

    private static byte[] json(String json) {
        return RawUpstream.json(json).getBytes(StandardCharsets.UTF_8);
    }

    private GatewayProcess start(RawUpstream upstream) throws IOException {
        String config = "{openai_api_key: k, openai_api_base: 'http://127.0.0.1:" + upstream.port() + "/v1'}";
        Path file = Files.writeString(folder.resolve("gateway.yaml"), """
                endpoints:
                  - {name: chat, endpoint_type: llm/v1/chat, model: {provider: openai, name: m, config: %1$s}}
                  - {name: trees, endpoint_type: llm/v1/embeddings, model: {provider: huggingface-text-generation-inference,
                     name: m, config: {hf_server_url: 'http://127.0.0.1:%2$d', hf_embeddings_api: embed}}}
                routes:
                  - {name: classic, route_type: llm/v1/chat, model: {provider: openai, name: m, config: %1$s}}
                  - {name: classic-numbers, route_type: llm/v1/embeddings, model: {provider: openai, name: m, config: %1$s}}
                """.formatted(config, upstream.port()));
        return new GatewayProcess(Map.of(), "start", "--port", "0", "--config-path", file.toString());
    }

    /** The most memory the process had, in MiB; 0 where the system does not tell. */
    private static long peak(GatewayProcess gateway) {
        Path status = Path.of("/proc/" + gateway.pid() + "/status");
        try (Stream<String> lines = Files.exists(status) ? Files.lines(status) : Stream.empty()) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
