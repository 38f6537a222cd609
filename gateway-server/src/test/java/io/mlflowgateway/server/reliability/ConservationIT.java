package io.mlflowgateway.server.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.testing.Eventually;
import io.mlflowgateway.server.testing.GatewayProcess;
import io.mlflowgateway.server.testing.RawUpstream;
import io.mlflowgateway.server.testing.Scrape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The built jar under everything at once; then it must hold what it held before, counted from outside. */
@Timeout(600)
class ConservationIT {
    private static final int CALLS = 10_000;
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String FLAGS =
            "-Dio.netty.leakDetection.level=paranoid -Dio.netty.leakDetection.targetRecords=8 -XX:+UseParallelGC";

    /** What lives for one call, and no longer. */
    private static final Pattern OF_A_CALL = Pattern.compile(
            "\\s+(\\d+)\\s+\\d+\\s+(io\\.mlflowgateway\\.server\\.\\S*(?:Exchange|Call|Lease|Notes|Share|Query|Body|Trial"
                    + "|Connection))(?:\\s|$)");

    @TempDir
    private Path folder;

    @Test
    @Proves(Row.CONSERVATION)
    void conservation_holds_after_ten_thousand_calls() throws IOException {
        try (RawUpstream upstream = ConservationLoad.upstream()) {
            Path file = Files.writeString(folder.resolve("gateway.yaml"), ConservationLoad.config(upstream, 0));
            try (GatewayProcess gateway = start(file)) {
                int port = gateway.port();
                ProcessWatch watch = new ProcessWatch(gateway.pid());
                new ConservationLoad(port).run(500, round -> reload(file, upstream, round));
                Held before = rest(port, file, watch, upstream);

                reload(file, upstream, 1);
                Eventually.within(
                        SOON, "there are routes again", () -> Scrape.of(port).sum("gateway_routes") > 0);
                ConservationLoad load = new ConservationLoad(port);
                Set<String> seen = new HashSet<>();
                int reloads = load.run(CALLS, round -> {
                    reload(file, upstream, round);
                    if (round % 20 == 10) {
                        seen.addAll(ofCalls(watch.jcmd("GC.class_histogram")).keySet());
                    }
                });
                Held after = rest(port, file, watch, upstream);

                assertThat(load.complaints()).isEmpty();
                assertThat(seen).contains("http.Exchange", "query.Notes", "upstream.Connection");
                assertThat(after.ofCalls()).as("objects that live for a call").isEqualTo(before.ofCalls());
                assertThat(after.inFlight()).isEqualTo(before.inFlight());
                assertThat(after.connections()).isEqualTo(before.connections());
                // The connection that brought the figures may be closing still.
                Eventually.within(
                        SOON,
                        "no more descriptors than before, " + before.kinds() + ", but " + after.kinds(),
                        () -> watch.descriptors() <= before.descriptors());
                assertThat(after.threads()).isEqualTo(before.threads());
                assertThat(gateway.output()).doesNotContain("LEAK:").doesNotContain("ERROR");
                Figures.seen(
                        Row.CONSERVATION,
                        "conservation_holds_after_ten_thousand_calls",
                        load.figures() + "; " + reloads + " reloads; after them as before: in flight "
                                + (int) after.inFlight() + ", connections upstream 0, descriptors "
                                + before.descriptors() + ", 0 leaks, objects of calls " + after.ofCalls() + ", of "
                                + seen.size() + " classes seen under way");
            }
        }
    }

    private record Held(
            double inFlight,
            double connections,
            int descriptors,
            Map<String, Integer> kinds,
            Map<String, Integer> threads,
            Map<String, Integer> ofCalls) {}

    private static GatewayProcess start(Path file) {
        return new GatewayProcess(
                Map.of("JAVA_TOOL_OPTIONS", FLAGS),
                "start",
                "--port",
                "0",
                "--config-path",
                file.toString(),
                "--first-byte-timeout",
                "3s",
                "--stream-idle-timeout",
                "2s",
                "--response-body-limit",
                "1MiB");
    }

    private static void reload(Path file, RawUpstream upstream, int round) {
        replace(file, ConservationLoad.config(upstream, round));
    }

    private static void replace(Path file, String config) {
        try {
            ConfigFiles.replace(file, config);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it holds when nobody calls, and no route leads to the upstream any more. */
    private static Held rest(int port, Path file, ProcessWatch watch, RawUpstream upstream) {
        replace(file, "endpoints: []\n");
        Eventually.within(SOON, "the upstream is let go", () -> upstream.openConnections() == 0);
        // Counting collects the garbage; what it finds is let go of by the next calls.
        watch.sample();
        Eventually.within(
                SOON, "only this caller is left", () -> Scrape.of(port).sum("gateway_connections") <= 1);
        Scrape scrape = Scrape.of(port);
        int[] descriptors = {watch.descriptors()};
        Eventually.within(SOON, "descriptors stay as they are", () -> {
            int now = watch.descriptors();
            boolean same = now == descriptors[0];
            descriptors[0] = now;
            return same;
        });
        return new Held(
                scrape.sum("gateway_in_flight"),
                scrape.sum("gateway_connections"),
                descriptors[0],
                watch.descriptorKinds(),
                threads(watch),
                ofCalls(watch.jcmd("GC.class_histogram")));
    }

    /** Those that write pages are made as they are needed, up to a bound, and end when they are not. */
    private static Map<String, Integer> threads(ProcessWatch watch) {
        Map<String, Integer> threads = watch.threads();
        threads.keySet().removeIf(name -> name.startsWith("boundedElastic"));
        return threads;
    }

    private static Map<String, Integer> ofCalls(String histogram) {
        Map<String, Integer> counts = new TreeMap<>();
        Matcher lines = OF_A_CALL.matcher(histogram);
        while (lines.find()) {
            counts.put(lines.group(2).replace("io.mlflowgateway.server.", ""), Integer.parseInt(lines.group(1)));
        }
        return counts;
    }
}
