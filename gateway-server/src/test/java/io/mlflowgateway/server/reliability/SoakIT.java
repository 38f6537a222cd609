package io.mlflowgateway.server.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.reliability.ProcessWatch.Sample;
import io.mlflowgateway.server.testing.Eventually;
import io.mlflowgateway.server.testing.GatewayProcess;
import io.mlflowgateway.server.testing.RawUpstream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The built jar with 256 MiB of heap under everything at once, for minutes; what it holds is watched from outside. The heap
 * is in memory from the start, so that all growth of the process is growth beside the heap.
 */
@Timeout(7_200)
class SoakIT {
    private static final String FLAGS =
            "-Xms256m -XX:+AlwaysPreTouch -Dio.netty.leakDetection.level=paranoid -Dio.netty.leakDetection.targetRecords=8";
    private static final int MOST_DESCRIPTORS_MORE = 10;
    private static final double MOST_HEAP_GROWTH_MIB = 8;
    private static final double MOST_RSS_GROWTH_MIB = 24;
    /**
     * MiB in ten minutes, in which 95,000 calls are made: 22 bytes for each, less than the smallest thing that can leak.
     * Where others have the processors, code is still being compiled after half an hour: 1.4 were seen, and ever less.
     */
    private static final double MOST_RSS_SLOPE = 2;

    /** From here on a slope says more than the difference of two figures. */
    private static final Duration LONG = Duration.ofMinutes(15);

    @TempDir
    private Path folder;

    private int reloads;

    @Test
    @Proves(Row.SOAK)
    void soak_leaves_memory_threads_and_descriptors_flat() throws IOException {
        String seen = soak(40, Duration.ofSeconds(30), Duration.ofSeconds(90), Duration.ofSeconds(8));

        Figures.seen(Row.SOAK, "soak_leaves_memory_threads_and_descriptors_flat", seen);
    }

    @Test
    @Tag("nightly")
    @Proves(Row.SOAK)
    void soak_for_half_an_hour_with_500_streams() throws IOException {
        Duration time = Duration.ofMinutes(Integer.getInteger("soak.minutes", 30));
        String seen = soak(500, time.dividedBy(3), time.multipliedBy(2).dividedBy(3), Duration.ofSeconds(20));

        Figures.seen(Row.SOAK, "soak_for_half_an_hour_with_500_streams", seen);
    }

    private String soak(int streams, Duration warmUp, Duration time, Duration between) throws IOException {
        try (RawUpstream upstream = SoakUpstream.start()) {
            Path file = Files.writeString(folder.resolve("gateway.yaml"), config(upstream));
            try (GatewayProcess gateway = start(file)) {
                ProcessWatch watch = new ProcessWatch(gateway.pid());
                assertThat(watch.jcmd("VM.system_properties")).contains("leakDetection.level=paranoid");
                // Everything once, so that threads and pools are there before they are counted.
                load(gateway, streams, () -> reloadFor(Duration.ofSeconds(5), file, upstream));
                int descriptors = watch.descriptors() - upstream.openConnections();
                Map<String, Integer> threads = watch.threads();

                String figures = load(gateway, streams, () -> {
                    reloadFor(warmUp, file, upstream);
                    long end = System.nanoTime() + time.toNanos();
                    while (System.nanoTime() - end < 0) {
                        watch.sample();
                        reloadFor(between, file, upstream);
                    }
                    watch.sample();
                });

                return figures + "; " + verdict(gateway, watch, upstream, descriptors, threads);
            }
        }
    }

    private static GatewayProcess start(Path file) {
        return new GatewayProcess(
                Map.of("JAVA_TOOL_OPTIONS", FLAGS),
                "start",
                "--port",
                "0",
                "--config-path",
                file.toString(),
                "--first-byte-timeout",
                "6s",
                "--keep-alive-timeout",
                "1h");
    }

    /** Its log from the first line on that tells an error, as far as one screen goes. */
    private static String errors(GatewayProcess gateway) {
        String output = gateway.output();
        int first = output.indexOf("ERROR");
        return first < 0 ? "silence" : output.substring(first, Math.min(output.length(), first + 4_000));
    }

    /** Runs the load while this takes, then ends it; nothing may fail that was not provoked. */
    private static String load(GatewayProcess gateway, int streams, Runnable meanwhile) {
        try (SoakLoad load = new SoakLoad(gateway.port(), streams)) {
            meanwhile.run();
            load.stop();
            assertThat(load.complaints())
                    .as(() -> "complaints, beside the gateway's " + errors(gateway))
                    .isEmpty();
            return load.figures();
        }
    }

    private String verdict(
            GatewayProcess gateway,
            ProcessWatch watch,
            RawUpstream upstream,
            int descriptorsBefore,
            Map<String, Integer> threadsBefore) {
        List<Sample> samples = watch.samples();
        System.out.println("soak\nsoak " + Sample.HEAD);
        samples.forEach(sample -> System.out.println("soak " + sample));
        double rss = ProcessWatch.growthMib(samples, Sample::rssKib);
        double slope = ProcessWatch.slopeMibInTenMinutes(samples, Sample::rssKib);
        double heap = ProcessWatch.growthMib(samples, Sample::heapKib);

        assertThat(gateway.output()).doesNotContain("LEAK:").doesNotContain("ERROR");
        assertThat(heap).as("growth of the heap, MiB").isLessThan(MOST_HEAP_GROWTH_MIB);
        if (samples.get(samples.size() - 1).seconds() - samples.get(0).seconds() > LONG.toSeconds()) {
            assertThat(slope).as("growth of the process in ten minutes, MiB").isLessThan(MOST_RSS_SLOPE);
        } else {
            assertThat(rss).as("growth of the process, MiB").isLessThan(MOST_RSS_GROWTH_MIB);
        }
        Eventually.within(
                Duration.ofSeconds(30),
                "descriptors are let go",
                () -> watch.descriptors() - upstream.openConnections() <= descriptorsBefore + MOST_DESCRIPTORS_MORE);
        assertThat(watch.threads()).isEqualTo(threadsBefore);
        return String.format(
                "%d reloads; no other failure but those provoked, 0 leaks, 0 ERROR lines; after warm-up heap %+.1f MiB, process"
                        + " %+.1f MiB (%+.1f in ten minutes) of %.0f, descriptors at rest %+d, threads as before (%d)",
                reloads,
                heap,
                rss,
                slope,
                samples.get(samples.size() - 1).rssKib() / 1024.0,
                watch.descriptors() - upstream.openConnections() - descriptorsBefore,
                watch.threads().values().stream().mapToInt(Integer::intValue).sum());
    }

    /** Another file each three seconds. */
    private void reloadFor(Duration time, Path file, RawUpstream upstream) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() - end < 0) {
            try {
                Path next = Files.writeString(folder.resolve("next.yaml"), config(upstream));
                Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            long pause = Math.min(end, System.nanoTime() + 3_000_000_000L);
            Eventually.within(Duration.ofSeconds(10), "a moment", () -> System.nanoTime() - pause >= 0);
        }
    }

    private String config(RawUpstream upstream) {
        return """
                # number %1$d
                routes:
                  - {name: classic, route_type: llm/v1/chat, model: {provider: echo, name: e}}
                endpoints:
                  - {name: text, endpoint_type: llm/v1/completions, model: {provider: echo, name: e}}
                  - {name: vectors, endpoint_type: llm/v1/embeddings, model: {provider: echo, name: e}}
                  - name: served
                    endpoint_type: llm/v1/chat
                    model:
                      provider: openai
                      name: model-%1$d
                      config: {openai_api_key: key-%1$d, openai_api_base: 'http://127.0.0.1:%2$d/v1'}
                """.formatted(++reloads, upstream.port());
    }
}
