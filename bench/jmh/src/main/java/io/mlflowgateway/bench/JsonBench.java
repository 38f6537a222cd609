package io.mlflowgateway.bench;

import io.mlflowgateway.server.json.BodyScanner;
import io.mlflowgateway.server.query.Body;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The one pass over a body: UTF-8, JSON to the last byte, where the members stand. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class JsonBench {
    private final byte[] small = Documents.smallRequest();
    private final byte[] large = Documents.largeRequest();
    private final byte[] japanese = Documents.request("日本語の文章を書きます。", 10_000);
    private final byte[] escaped = Documents.request("if (a < b) {\\n  say(\\\"no\\\");\\n}\\n", 10_000);
    private final byte[] huge = Documents.request("Answer the question from the context. ", 1_000_000);
    private final byte[] answer = Documents.answer();

    @Benchmark
    public Body request() throws BodyScanner.Malformed {
        return BodyScanner.scan(small);
    }

    @Benchmark
    public Body request10kb() throws BodyScanner.Malformed {
        return BodyScanner.scan(large);
    }

    @Benchmark
    public Body request10kbOfJapanese() throws BodyScanner.Malformed {
        return BodyScanner.scan(japanese);
    }

    @Benchmark
    public Body request10kbOfCode() throws BodyScanner.Malformed {
        return BodyScanner.scan(escaped);
    }

    @Benchmark
    public Body request1mb() throws BodyScanner.Malformed {
        return BodyScanner.scan(huge);
    }

    @Benchmark
    public Body answer1kb() throws BodyScanner.Malformed {
        return BodyScanner.scanAnswer(answer);
    }
}
