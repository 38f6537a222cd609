package io.mlflowgateway.server.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.testing.GatewayProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The built jar with 5,000 routes, in 256 MiB of heap. */
class ManyRoutesIT {
    private static final int MANY = 5_000;
    private static final String ROUTE = """
              - name: route-%1$05d
                endpoint_type: llm/v1/chat
                model:
                  provider: openai
                  name: %2$s
                  config:
                    openai_api_key: sk-%1$05d-abcdefghijklmnopqrstuvwxyz
                    openai_api_base: http://127.0.0.1:9/v1
                limit: {calls: 100, renewal_period: minute}
            """;
    private static final String LAST =
            "  - {name: last, endpoint_type: llm/v1/chat, model: {provider: echo, name: %s}}\n";

    @TempDir
    private Path folder;

    private static String routes(int count, String model) {
        return "endpoints:\n"
                + IntStream.range(0, count - 1)
                        .mapToObj(i -> ROUTE.formatted(i, model))
                        .collect(Collectors.joining())
                + LAST.formatted(model);
    }

    private Path write(int count) throws IOException {
        return Files.writeString(folder.resolve(count + ".yaml"), routes(count, "first"));
    }

    @Proves(Row.MANY_ROUTES)
    @Test
    void many_routes_start_within_three_seconds() throws IOException {
        Path file = write(MANY);
        List<Duration> times = new ArrayList<>();
        List<Duration> byTheClock = new ArrayList<>();

        for (int start = 0; start < 3; start++) {
            long begin = System.nanoTime();
            try (GatewayProcess gateway = ConfigFiles.start(file)) {
                int port = gateway.port();
                Duration time = Duration.ofNanos(System.nanoTime() - begin);
                times.add(ProcessorWait.without(time, gateway.pid(), "java"));
                byTheClock.add(time);

                assertThat(new ConfigCaller(port).chat("last").statusCode()).isEqualTo(200);
                assertThat(gateway.output()).contains("with 5000 routes");
            }
        }

        Times seen = new Times(times);
        assertThat(seen.median()).as(seen.toString()).isLessThan(Duration.ofSeconds(3));
        Figures.seen(
                Row.MANY_ROUTES,
                "many_routes_start_within_three_seconds",
                "listens after " + seen + ", waits for a processor taken out; by the clock " + new Times(byTheClock));
    }

    @Proves(Row.MANY_ROUTES)
    @Test
    void many_routes_reload_within_two_seconds() throws IOException {
        Path file = write(MANY);
        List<Duration> times = new ArrayList<>();

        try (GatewayProcess gateway = ConfigFiles.start(file)) {
            ConfigCaller caller = new ConfigCaller(gateway.port());
            for (int round = 0; round < 7; round++) {
                Duration waited = ProcessorWait.of(gateway.pid(), "config-watcher");
                ConfigFiles.replace(file, routes(MANY, "model-" + round));
                Duration time = caller.until(ConfigFiles.version(file));
                times.add(time.plus(waited).minus(ProcessorWait.of(gateway.pid(), "config-watcher")));
                assertThat(caller.chat("last").body()).contains("\"model\":\"model-" + round + "\"");
            }
            assertThat(gateway.output()).contains("0 added, 0 removed, 5000 changed");
        }

        Times seen = new Times(times);
        assertThat(seen.median()).as(seen.toString()).isLessThan(Duration.ofSeconds(2));
        Figures.seen(
                Row.MANY_ROUTES, "many_routes_reload_within_two_seconds", "all 5,000 changed, in force after " + seen);
    }

    @Proves(Row.MANY_ROUTES)
    @Test
    void many_routes_are_looked_up_as_fast_as_one() throws IOException {
        try (GatewayProcess one = ConfigFiles.start(write(1));
                GatewayProcess many = ConfigFiles.start(write(MANY))) {
            ConfigCaller ofOne = new ConfigCaller(one.port());
            ConfigCaller ofMany = new ConfigCaller(many.port());
            List<Duration> callsOfOne = new ArrayList<>();
            List<Duration> callsOfMany = new ArrayList<>();
            // In turn, so that whatever else happens on this machine happens to both.
            for (int call = 0; call < 1_000; call++) {
                callsOfOne.add(timed(ofOne));
                callsOfMany.add(timed(ofMany));
            }

            Duration medianOfOne = new Times(callsOfOne.subList(500, 1_000)).median();
            Duration medianOfMany = new Times(callsOfMany.subList(500, 1_000)).median();
            assertThat(medianOfMany).isLessThan(medianOfOne.multipliedBy(2).plusMillis(1));
            Figures.seen(
                    Row.MANY_ROUTES,
                    "many_routes_are_looked_up_as_fast_as_one",
                    "a call takes " + medianOfMany.toNanos() / 1_000 + " us at the median, with one route "
                            + medianOfOne.toNanos() / 1_000 + " us");
        }
    }

    private static Duration timed(ConfigCaller caller) {
        long begin = System.nanoTime();
        int status = caller.chat("last").statusCode();
        Duration time = Duration.ofNanos(System.nanoTime() - begin);
        assertThat(status).isEqualTo(200);
        return time;
    }

    @Proves(Row.MANY_ROUTES)
    @Test
    void many_routes_are_listed_and_documented_within_the_heap() throws IOException {
        try (GatewayProcess gateway = ConfigFiles.start(write(MANY))) {
            ConfigCaller caller = new ConfigCaller(gateway.port());
            List<String> seen = new ArrayList<>();
            for (String path : List.of(
                    "/openapi.json",
                    "/v1/models",
                    "/api/2.0/gateway/routes/",
                    "/api/2.0/endpoints/",
                    "/health/config/routes")) {
                long begin = System.nanoTime();
                String body = caller.get(path).body();
                seen.add(path + " " + body.length() / 1_000 + " kB in "
                        + Times.seconds(Duration.ofNanos(System.nanoTime() - begin)));

                assertThat(body).contains("route-00000").doesNotContain("sk-00000");
            }
            assertThat(caller.chat("last").statusCode()).isEqualTo(200);
            Figures.seen(
                    Row.MANY_ROUTES, "many_routes_are_listed_and_documented_within_the_heap", String.join(", ", seen));
        }
    }
}
