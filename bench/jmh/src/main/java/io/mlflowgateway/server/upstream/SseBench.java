package io.mlflowgateway.server.upstream;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** Cutting a stream into events. In this package, since nobody outside it cuts. */
@NullMarked
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SseBench {
    private static final int EVENTS = 100;

    private final SseParser parser = new SseParser(1 << 20);
    private final byte[] event =
            ("data: {\"id\":\"chatcmpl-mock\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,"
                            + "\"model\":\"mock-model\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\" word\"},\"finish_reason\":null}]}\n\n")
                    .getBytes(StandardCharsets.UTF_8);

    /** For one event that comes in a read of its own. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void events(Blackhole out) {
        for (int i = 0; i < EVENTS; i++) {
            parser.feed(event, out::consume);
        }
    }
}
