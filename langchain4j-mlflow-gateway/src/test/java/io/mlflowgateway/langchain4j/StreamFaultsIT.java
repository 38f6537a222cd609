package io.mlflowgateway.langchain4j;

import static io.mlflowgateway.langchain4j.StubGateway.deployments;
import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.exception.ContentFilteredException;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.TimeoutException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import io.mlflowgateway.langchain4j.failure.FailureDetails;
import io.mlflowgateway.langchain4j.failure.GatewayAnswerException;
import io.mlflowgateway.langchain4j.failure.GatewayConnectionException;
import io.mlflowgateway.langchain4j.failure.GatewayFailure;
import io.mlflowgateway.langchain4j.failure.GatewayRateLimitException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Streams that go wrong: exactly one end, the right one, in time. */
class StreamFaultsIT {

    @Test
    void a_connection_cut_in_the_middle_is_one_error() throws Exception {
        try (StubGateway gateway = deployments((request, wire) -> {
            wire.stream().says("Hal").close();
        })) {
            RecordingHandler handler = streamed(model(gateway));

            assertThat(handler.failure()).isInstanceOf(GatewayConnectionException.class);
            assertThat(handler.saidMore()).isFalse();
            assertThat(handler.callbacks).containsExactly("text Hal", "error GatewayConnectionException");
            assertThat(gateway.calls()).hasSize(1);
        }
    }

    @Test
    void a_connection_cut_after_the_finish_reason_is_still_an_error() throws Exception {
        try (StubGateway gateway = deployments((request, wire) -> {
            wire.stream().says("Hal").stops("stop").close();
        })) {
            RecordingHandler handler = streamed(model(gateway));

            assertThat(handler.failure()).isInstanceOf(GatewayConnectionException.class);
            assertThat(handler.callbacks).containsExactly("text Hal", "error GatewayConnectionException");
        }
    }

    @Test
    void a_clean_end_without_done_and_finish_reason_is_an_error() throws Exception {
        try (StubGateway gateway =
                deployments((request, wire) -> wire.stream().says("Hal").end())) {
            RecordingHandler handler = streamed(model(gateway));

            assertThat(handler.failure())
                    .isInstanceOf(GatewayConnectionException.class)
                    .hasMessageContaining("before the answer was complete")
                    .hasMessageContaining("'chat'");
            assertThat(handler.saidMore()).isFalse();
            assertThat(handler.callbacks).hasSize(2);
        }
    }

    @Test
    void an_error_among_the_events_ends_the_stream_with_its_own_exception() throws Exception {
        try (StubGateway gateway = deployments((request, wire) -> wire.stream("X-Request-Id: req-9")
                .says("Hal")
                .event(
                        "{\"error\":{\"message\":\"slow down\",\"type\":\"rate_limit_error\",\"code\":\"rate_limit_exceeded\"}}")
                .stops("stop")
                .event("[DONE]")
                .end())) {
            RecordingHandler handler = streamed(model(gateway));

            assertThat(handler.failure()).isInstanceOf(RateLimitException.class).hasMessageContaining("slow down");
            GatewayFailure failure = (GatewayFailure) handler.failure();
            assertThat(failure.details().requestId()).contains("req-9");
            assertThat(failure.details().code()).contains("rate_limit_exceeded");
            assertThat(handler.saidMore()).isFalse();
            assertThat(handler.callbacks).containsExactly("text Hal", "error GatewayRateLimitException");
        }
    }

    @Test
    void an_event_named_error_is_one_mapped_error() throws Exception {
        try (StubGateway gateway = deployments((request, wire) -> wire.stream()
                .says("Hal")
                .chunk("event: error\ndata: the model fell over\n\n")
                .end())) {
            RecordingHandler handler = streamed(model(gateway));

            assertThat(handler.failure())
                    .isInstanceOf(InternalServerException.class)
                    .hasMessageContaining("500 in the stream: the model fell over");
            FailureDetails details = ((GatewayFailure) handler.failure()).details();
            assertThat(details.status()).hasValue(500);
            assertThat(details.source()).isEmpty();
            assertThat(handler.saidMore()).isFalse();
            assertThat(handler.callbacks).hasSize(2);
        }
    }

    @Test
    void a_tool_call_that_was_left_out_of_the_stream_is_not_an_empty_answer() throws Exception {
        try (StubGateway gateway = deployments((request, wire) ->
                wire.stream().says("Let me see. ").stops("tool_calls").end())) {
            RecordingHandler handler = streamed(model(gateway));

            assertThat(handler.failure())
                    .isInstanceOf(UnsupportedFeatureException.class)
                    .hasMessageContaining("tool")
                    .hasMessageContaining("without streaming");
            assertThat(handler.callbacks).containsExactly("text Let me see. ", "error UnsupportedFeatureException");
            assertThat(gateway.calls()).hasSize(1);
        }
    }

    @Test
    void an_error_in_a_stream_may_name_who_failed() throws Exception {
        try (StubGateway gateway = deployments((request, wire) -> wire.stream("X-Gateway-Error-Source: upstream")
                .says("Hal")
                .event("{\"error\":{\"message\":\"slow\",\"code\":\"rate_limit_exceeded\"}}")
                .end())) {
            FailureDetails details = ((GatewayFailure) streamed(model(gateway)).failure()).details();

            assertThat(details.status()).hasValue(429);
            assertThat(details.source()).contains("upstream");
        }
    }

    @Test
    void silence_in_the_middle_times_out_and_closes_the_connection() throws Exception {
        CompletableFuture<Void> gone = new CompletableFuture<>();
        try (StubGateway gateway = deployments((request, wire) -> {
            wire.stream().says("Hal");
            wire.awaitClient(gone);
        })) {
            MlflowGatewayStreamingChatModel model = MlflowGatewayStreamingChatModel.builder()
                    .baseUrl(gateway.url())
                    .route("chat")
                    .idleTimeout(Duration.ofMillis(400))
                    .build();
            long start = System.nanoTime();

            RecordingHandler handler = streamed(model);

            assertThat(handler.failure()).isInstanceOf(TimeoutException.class).hasMessageContaining("no data for");
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(Duration.ofMillis(400), Duration.ofSeconds(4));
            gone.get(1, TimeUnit.SECONDS);
            assertThat(handler.callbacks).containsExactly("text Hal", "error GatewayTimeoutException");
        }
    }

    @Test
    void a_stream_that_never_pauses_still_ends_by_the_total_timeout() throws Exception {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        try (StubGateway gateway = deployments((request, wire) -> {
            wire.stream();
            while (!ended.isDone()) {
                wire.says("x");
                try {
                    ended.get(20, TimeUnit.MILLISECONDS);
                } catch (java.util.concurrent.TimeoutException notYet) {
                    // one more piece
                }
            }
        })) {
            MlflowGatewayStreamingChatModel model = MlflowGatewayStreamingChatModel.builder()
                    .baseUrl(gateway.url())
                    .route("chat")
                    .totalTimeout(Duration.ofMillis(600))
                    .build();

            RecordingHandler handler = streamed(model);

            assertThat(handler.failure()).isInstanceOf(TimeoutException.class).hasMessageContaining("altogether");
            ended.complete(null);
        }
    }

    @Test
    void json_instead_of_a_stream_is_an_error() throws Exception {
        try (StubGateway gateway =
                deployments((request, wire) -> wire.json(200, Fixtures.text("chat-response.json")))) {
            RecordingHandler handler = streamed(model(gateway));

            assertThat(handler.failure())
                    .isInstanceOf(GatewayAnswerException.class)
                    .hasMessageContaining("application/json");
            assertThat(handler.callbacks).containsExactly("error GatewayAnswerException");
            assertThat(gateway.calls()).hasSize(1);
        }
    }

    @Test
    void a_json_error_under_200_is_that_error() throws Exception {
        try (StubGateway gateway = deployments((request, wire) ->
                wire.json(200, "{\"error\":{\"message\":\"bad words\",\"code\":\"content_filter\"}}"))) {
            RecordingHandler handler = streamed(model(gateway));

            assertThat(handler.failure())
                    .isInstanceOf(ContentFilteredException.class)
                    .hasMessageContaining("bad words");
        }
    }

    @Test
    void half_an_event_is_an_error() throws Exception {
        try (StubGateway gateway = deployments((request, wire) ->
                wire.stream().says("Hal").chunk("data: {\"choices\":[{\"del").end())) {
            RecordingHandler handler = streamed(model(gateway));

            assertThat(handler.failure()).isInstanceOf(GatewayConnectionException.class);
            assertThat(handler.callbacks).hasSize(2);
        }
    }

    @Test
    void an_empty_stream_is_tried_again() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        try (StubGateway gateway = deployments((request, wire) -> {
            if (tries.incrementAndGet() == 1) {
                wire.stream().end();
            } else {
                wire.stream().says("Hi").stops("stop").event("[DONE]").end();
            }
        })) {
            RecordingHandler handler = streamed(model(gateway));

            handler.response();
            assertThat(handler.callbacks).containsExactly("text Hi", "complete Hi");
            assertThat(gateway.calls()).hasSize(2);
        }
    }

    @Test
    void a_refusal_before_the_first_event_is_tried_again_after_what_the_server_asked_for() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        try (StubGateway gateway = deployments((request, wire) -> {
            if (tries.incrementAndGet() == 1) {
                wire.json(429, Fixtures.text("error-429.json"), "Retry-After: 1");
            } else {
                wire.stream().says("Hi").stops("stop").event("[DONE]").end();
            }
        })) {
            RecordingHandler handler = streamed(model(gateway));

            handler.response();
            long gap = gateway.calls().get(1).nanos() - gateway.calls().get(0).nanos();
            assertThat(Duration.ofNanos(gap)).isGreaterThanOrEqualTo(Duration.ofMillis(990));
            assertThat(handler.callbacks).containsExactly("text Hi", "complete Hi");
        }
    }

    @Test
    void a_refusal_keeps_its_status_and_what_the_server_said() throws Exception {
        try (StubGateway gateway = deployments((request, wire) ->
                wire.json(429, Fixtures.text("error-429.json"), "Retry-After: 120", "X-Request-Id: req-3"))) {
            RecordingHandler handler = streamed(model(gateway));

            GatewayRateLimitException failure = (GatewayRateLimitException) handler.failure();
            assertThat(failure).hasMessageContaining("Rate limit exceeded: 3 per 1 minute");
            assertThat(failure.details().retryAfter()).contains(Duration.ofMinutes(2));
            assertThat(failure.details().requestId()).contains("req-3");
            // Two minutes are more than the client waits by itself, so it does not try again too soon.
            assertThat(gateway.calls()).hasSize(1);
        }
    }

    @Test
    void a_refused_connection_names_the_address() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        MlflowGatewayStreamingChatModel model = MlflowGatewayStreamingChatModel.builder()
                .baseUrl("http://127.0.0.1:" + port)
                .route("chat")
                .maxRetries(0)
                .build();

        RecordingHandler handler = streamed(model);

        assertThat(handler.failure())
                .isInstanceOf(GatewayConnectionException.class)
                .hasMessageContaining("http://127.0.0.1:" + port);
    }

    private static RecordingHandler streamed(MlflowGatewayStreamingChatModel model) {
        RecordingHandler handler = new RecordingHandler();
        model.chat("Hello", handler);
        return handler;
    }

    private static MlflowGatewayStreamingChatModel model(StubGateway gateway) {
        return MlflowGatewayStreamingChatModel.builder()
                .baseUrl(gateway.url())
                .route("chat")
                .build();
    }
}
