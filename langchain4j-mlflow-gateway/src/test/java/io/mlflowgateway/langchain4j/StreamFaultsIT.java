package io.mlflowgateway.langchain4j;

import static io.mlflowgateway.langchain4j.StubGateway.deployments;
import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.exception.ContentFilteredException;
import dev.langchain4j.exception.TimeoutException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import io.mlflowgateway.langchain4j.failure.FailureDetails;
import io.mlflowgateway.langchain4j.failure.GatewayConnectionException;
import io.mlflowgateway.langchain4j.failure.GatewayFailure;
import io.mlflowgateway.langchain4j.failure.GatewayRateLimitException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Streams that go wrong: exactly one end, the right one, in time. */
class StreamFaultsIT {

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
    void a_tool_call_that_was_left_out_of_the_stream_is_not_an_empty_answer() throws Exception {
        try (StubGateway gateway = deployments((request, wire) ->
                wire.stream().says("Let me see. ").stops("tool_calls").end())) {
            RecordingHandler handler = streamed(model(gateway));

            assertThat(handler.failure())
                    .isInstanceOf(UnsupportedFeatureException.class)
                    .hasMessageContaining("tool")
                    .hasMessageContaining("without streaming");
            assertThat(handler.callbacks).containsExactly("text Let me see. ", "error GatewayUnsupportedException");
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
    void a_streamed_refusal_of_the_model_tells_of_its_call() throws Exception {
        try (StubGateway gateway = deployments((request, wire) -> wire.stream()
                .chunk("data: {\"choices\":[{\"delta\":{\"refusal\":\"I will not\"},\"finish_reason\":\"stop\"}]}\n\n")
                .chunk("data: [DONE]\n\n")
                .end())) {
            RecordingHandler handler = streamed(model(gateway));

            assertThat(handler.failure())
                    .isInstanceOf(ContentFilteredException.class)
                    .hasMessage("I will not")
                    .isInstanceOfSatisfying(
                            GatewayFailure.class,
                            failure -> assertThat(failure.details().route()).contains("chat"));
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

    static Stream<Error> errors() {
        return Stream.of(new NoClassDefFoundError("missing"), new StackOverflowError(), new Error("any"));
    }

    @ParameterizedTest
    @MethodSource("errors")
    void an_error_in_a_callback_is_told_and_does_not_leave_the_stream_without_an_end(Error thrown) throws Exception {
        try (StubGateway gateway = deployments((request, wire) -> wire.stream()
                .says("Hal")
                .says("lo")
                .stops("stop")
                .event("[DONE]")
                .end())) {
            CompletableFuture<ChatResponse> complete = new CompletableFuture<>();
            List<Throwable> told = new CopyOnWriteArrayList<>();
            model(gateway).chat("Hello", new StreamingChatResponseHandler() {
                @Override
                public void onPartialResponse(String part) {
                    if (part.equals("Hal")) {
                        throw thrown;
                    }
                }

                @Override
                public void onCompleteResponse(ChatResponse response) {
                    complete.complete(response);
                }

                @Override
                public void onError(Throwable failure) {
                    told.add(failure);
                }
            });

            assertThat(StubGateway.soon(complete).aiMessage().text()).isEqualTo("Hallo");
            assertThat(told).containsExactly(thrown);
        }
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
