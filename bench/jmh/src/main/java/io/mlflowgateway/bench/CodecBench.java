package io.mlflowgateway.bench;

import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.json.BodyScanner;
import io.mlflowgateway.server.provider.Attempt;
import io.mlflowgateway.server.provider.OpenAiProvider;
import io.mlflowgateway.server.provider.SseEvent;
import io.mlflowgateway.server.provider.UpstreamRequest;
import io.mlflowgateway.server.provider.UpstreamResponse;
import io.mlflowgateway.server.query.Piece;
import io.mlflowgateway.server.query.Query;
import io.mlflowgateway.server.query.Query.TemperatureRange;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.secret.Secret;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import reactor.core.publisher.Flux;

/** What OpenAI's codec does to a scanned request, an answer and the pieces of a stream. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CodecBench {
    private static final int PIECES = 100;

    private final OpenAiProvider provider = new OpenAiProvider();
    private final Attempt attempt = new Attempt(
            "mock-model",
            new Settings(
                    Map.of("openai_api_base", "http://127.0.0.1/v1"),
                    Map.of("openai_api_key", new Secret("sk-bench-no-key"))),
            Instant.EPOCH);
    private final Query small = query(Documents.smallRequest());
    private final Query large = query(Documents.largeRequest());
    private final UpstreamResponse.Whole answer =
            new UpstreamResponse.Whole(200, Optional.empty(), "application/json", Documents.answer());
    private final Flux<SseEvent> stream = Flux.fromIterable(Stream.concat(
                    IntStream.range(0, PIECES).mapToObj(i -> new SseEvent("", Documents.chunk())),
                    Stream.of(new SseEvent("", Documents.utf8("[DONE]"))))
            .toList());

    private static Query query(byte[] json) {
        try {
            return new Query(Task.CHAT, BodyScanner.scan(json), false, false, TemperatureRange.ZERO_TO_TWO);
        } catch (BodyScanner.Malformed e) {
            throw new IllegalArgumentException(e);
        }
    }

    @Benchmark
    public UpstreamRequest encode() {
        return provider.encode(small, attempt);
    }

    @Benchmark
    public UpstreamRequest encode10kb() {
        return provider.encode(large, attempt);
    }

    @Benchmark
    public Reply.Whole decode() {
        return provider.decode(small, attempt, answer);
    }

    /** For one piece. */
    @Benchmark
    @OperationsPerInvocation(PIECES)
    public @Nullable Piece decodePiece() {
        return provider.decodeStream(small, attempt, stream).blockLast();
    }
}
