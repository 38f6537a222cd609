package io.mlflowgateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.reliability.Figures;
import io.mlflowgateway.server.reliability.Proves;
import io.mlflowgateway.server.reliability.Row;
import io.mlflowgateway.server.testing.Eventually;
import io.mlflowgateway.server.testing.ScriptedUpstream;
import io.mlflowgateway.server.testing.TestGateway;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Providers that cannot stop. */
class StreamCapsIT {
    private static final String STREAM =
            "{\"model\":\"chat\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"stream\":true}";

    private static void babble(ScriptedUpstream.Exchange exchange) throws IOException, InterruptedException {
        exchange.beginStream();
        while (!Thread.currentThread().isInterrupted()) {
            exchange.say("and on").pause(Duration.ofMillis(5));
        }
    }

    private static String route(ScriptedUpstream upstream, String own) {
        return """
                endpoints:
                  - name: chat
                    endpoint_type: llm/v1/chat
                    model: {provider: openai, name: m, config: {openai_api_key: k, openai_api_base: '%s'}}
                """.formatted(upstream.base()) + own.indent(4);
    }

    @Proves(Row.RUNAWAY_STREAM)
    @ParameterizedTest
    @ValueSource(strings = {"/v1/chat/completions", "/gateway/chat/invocations", "/endpoints/chat/invocations"})
    void runaway_stream_of_more_events_than_may_be_is_cut_with_an_error_on_every_surface(String surface) {
        try (ScriptedUpstream upstream = new ScriptedUpstream(StreamCapsIT::babble);
                TestGateway gateway = TestGateway.with(route(upstream, ""), Map.of("stream-events-limit", "7"))) {

            String body = surface.startsWith("/v1/") ? STREAM : STREAM.replace("\"model\":\"chat\",", "");

            List<String> events = TestGateway.events(gateway.post(surface, body));

            assertThat(events).hasSize(8);
            assertThat(events.get(7))
                    .contains("the provider's stream did not end within 7 events")
                    .contains("upstream_invalid_response");
            assertThat(events).doesNotContain("[DONE]");
            Eventually.within(Duration.ofSeconds(5), "the upstream is let go", () -> upstream.openConnections() == 0);
            Figures.seen(
                    Row.RUNAWAY_STREAM,
                    "runaway_stream_of_more_events_than_may_be_is_cut_with_an_error_on_every_surface",
                    "a limit of 7 events: 7 and an error event on each of 3 surfaces, and the upstream let go of");
        }
    }

    @Test
    void a_stream_of_just_as_many_events_is_whole() {
        try (ScriptedUpstream upstream = new ScriptedUpstream(
                        exchange -> exchange.beginStream().say("one").say("two").endStream());
                TestGateway gateway = TestGateway.with(route(upstream, "limits: {stream-events: 4}"))) {

            List<String> events = TestGateway.events(gateway.post("/v1/chat/completions", STREAM));

            assertThat(events).hasSize(4).endsWith("[DONE]");
        }
    }

    @Proves(Row.RUNAWAY_STREAM)
    @Test
    void runaway_stream_is_cut_at_a_routes_own_number_of_bytes() {
        try (ScriptedUpstream upstream = new ScriptedUpstream(StreamCapsIT::babble);
                TestGateway gateway = TestGateway.with(route(upstream, "limits: {stream-bytes: 1000}"))) {

            List<String> events = TestGateway.events(gateway.post("/v1/chat/completions", STREAM));

            String last = events.get(events.size() - 1);
            long before = events.stream().mapToLong(String::length).sum() - last.length();
            assertThat(last).contains("the provider's stream did not end within 1000 bytes");
            assertThat(before).isBetween(800L, 1_000L);
            Figures.seen(
                    Row.RUNAWAY_STREAM,
                    "runaway_stream_is_cut_at_a_routes_own_number_of_bytes",
                    "a limit of 1000 bytes: " + before + " bytes and an error event");
        }
    }

    @Test
    void a_stream_that_is_too_large_from_its_first_event_on_has_a_status() {
        try (ScriptedUpstream upstream = new ScriptedUpstream(StreamCapsIT::babble);
                TestGateway gateway = TestGateway.with(route(upstream, "limits: {stream-bytes: 10}"))) {

            HttpResponse<String> answer = gateway.post("/v1/chat/completions", STREAM);

            assertThat(answer.statusCode()).isEqualTo(502);
        }
    }

    @Proves(Row.RUNAWAY_STREAM)
    @Test
    void runaway_stream_is_cut_when_its_time_is_up_though_other_answers_may_take_longer() {
        try (ScriptedUpstream upstream = new ScriptedUpstream(StreamCapsIT::babble);
                TestGateway gateway = TestGateway.with(route(upstream, "timeouts: {stream: 500ms, total: 30s}"))) {

            List<String> events = TestGateway.events(gateway.post("/v1/chat/completions", STREAM));

            assertThat(events).hasSizeGreaterThan(1).doesNotContain("[DONE]");
            assertThat(events.get(events.size() - 1)).contains("upstream_timeout");
            Figures.seen(
                    Row.RUNAWAY_STREAM,
                    "runaway_stream_is_cut_when_its_time_is_up_though_other_answers_may_take_longer",
                    "500 ms for streams of a route whose answers may take 30 s: an error event after "
                            + (events.size() - 1) + " events");
        }
    }
}
