package io.mlflowgateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.reliability.Figures;
import io.mlflowgateway.server.reliability.Proves;
import io.mlflowgateway.server.reliability.Row;
import io.mlflowgateway.server.testing.Eventually;
import io.mlflowgateway.server.testing.RawConnection;
import io.mlflowgateway.server.testing.ScriptedUpstream;
import io.mlflowgateway.server.testing.TestGateway;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What of the connections to upstreams outlives a reload, and what does not. */
class ReloadKeepsIT {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final String CHAT = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    private static final String STREAM = CHAT.replace("}]}", "}],\"stream\":true}");

    private static String route(String name, String model, ScriptedUpstream upstream, String own) {
        return """
                  - name: %s
                    endpoint_type: llm/v1/chat
                    model: {provider: openai, name: %s, config: {openai_api_key: k, openai_api_base: '%s'}}
                """.formatted(name, model, upstream.base()) + own.indent(4);
    }

    private static void call(TestGateway gateway, String route) {
        assertThat(gateway.post("/endpoints/" + route + "/invocations", CHAT).statusCode())
                .isEqualTo(200);
    }

    @Proves(Row.RELOAD_KEEPS)
    @Test
    void reload_keeps_pooled_connections_of_routes_that_did_not_change() {
        try (ScriptedUpstream kept = new ScriptedUpstream(exchange -> exchange.chat("hi"));
                ScriptedUpstream owned = new ScriptedUpstream(exchange -> exchange.chat("hi"));
                ScriptedUpstream moved = new ScriptedUpstream(exchange -> exchange.chat("hi"));
                ScriptedUpstream elsewhere = new ScriptedUpstream(exchange -> exchange.chat("hi"))) {
            String unchanged = "endpoints:\n" + route("kept", "m", kept, "")
                    + route("owned", "m", owned, "limits: {upstream-connections: 5}");
            TestGateway gateway = TestGateway.with(unchanged + route("moved", "m-0", moved, ""));
            try (gateway) {
                List.of("kept", "owned", "moved").forEach(route -> call(gateway, route));

                for (int reload = 1; reload <= 20; reload++) {
                    ScriptedUpstream now = reload % 2 == 0 ? moved : elsewhere;
                    gateway.reload(unchanged + route("moved", "m-" + reload, now, ""));
                }

                List.of("kept", "owned", "moved").forEach(route -> call(gateway, route));
                assertThat(kept.connections()).isEqualTo(1);
                assertThat(owned.connections()).isEqualTo(1);
                assertThat(moved.connections()).isEqualTo(2);
                Figures.seen(
                        Row.RELOAD_KEEPS,
                        "reload_keeps_pooled_connections_of_routes_that_did_not_change",
                        "calls before and after 20 reloads used 1 connection; the route that moved away and back used "
                                + moved.connections());
            }
        }
    }

    @Proves(Row.RELOAD_KEEPS)
    @Test
    void reload_keeps_a_stream_running_whose_upstream_no_route_has_any_more() {
        CountDownLatch goOn = new CountDownLatch(1);
        ScriptedUpstream.Script script = exchange -> {
            exchange.beginStream().say("one").await(goOn).say("two");
            exchange.endStream();
        };
        try (ScriptedUpstream old = new ScriptedUpstream(script);
                ScriptedUpstream next = new ScriptedUpstream(exchange -> exchange.chat("hi"));
                TestGateway gateway = TestGateway.with("endpoints:\n" + route("chat", "m", old, ""));
                RawConnection caller = new RawConnection(gateway.port()).post("/endpoints/chat/invocations", STREAM)) {
            caller.readUntil("one");
            for (int reload = 0; reload < 100; reload++) {
                gateway.reload("endpoints:\n" + route("chat", "m-" + reload, next, ""));
            }
            call(gateway, "chat");

            goOn.countDown();

            assertThat(caller.readUntil("[DONE]")).contains("two").doesNotContain("error");
            Eventually.within(Duration.ofSeconds(3), "it is let go of", () -> old.openConnections() == 0);
            Figures.seen(
                    Row.RELOAD_KEEPS,
                    "reload_keeps_a_stream_running_whose_upstream_no_route_has_any_more",
                    "a stream outlived 100 reloads without its upstream, and its connection was closed after it");
        }
    }

    @Test
    void a_thousand_reloads_to_other_upstreams_and_times_leave_nothing_behind() {
        List<ScriptedUpstream> upstreams = Stream.generate(() -> new ScriptedUpstream(exchange -> exchange.chat("hi")))
                .limit(5)
                .toList();
        TestGateway gateway = TestGateway.with("endpoints: []");
        try (gateway) {
            reloadAndCall(gateway, upstreams, 0, 100);
            long before = descriptors();

            reloadAndCall(gateway, upstreams, 100, 1_000);

            Eventually.within(Duration.ofSeconds(3), "one connection is left", () -> open(upstreams) <= 1);
            assertThat(descriptors()).isLessThan(before + 20);
        } finally {
            upstreams.forEach(ScriptedUpstream::close);
        }
    }

    private static void reloadAndCall(TestGateway gateway, List<ScriptedUpstream> upstreams, int from, int to) {
        for (int reload = from; reload < to; reload++) {
            ScriptedUpstream upstream = upstreams.get(reload % upstreams.size());
            String own = "timeouts: {connect: " + (2_000 + reload) + "ms}\nlimits: {upstream-connections: "
                    + (1 + reload % 7) + "}";
            gateway.reload("endpoints:\n" + route("chat", "m", upstream, own));
            call(gateway, "chat");
        }
    }

    private static int open(List<ScriptedUpstream> upstreams) {
        return upstreams.stream().mapToInt(ScriptedUpstream::openConnections).sum();
    }

    /** Open files and sockets of this process; 0 where the system does not tell. */
    private static long descriptors() {
        if (!Files.exists(DESCRIPTORS)) {
            return 0;
        }
        try (Stream<Path> open = Files.list(DESCRIPTORS)) {
            return open.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
