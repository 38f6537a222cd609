package io.mlflowgateway.langchain4j;

import static io.mlflowgateway.langchain4j.StubGateway.deployments;
import static io.mlflowgateway.langchain4j.StubGateway.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.RetriableException;
import dev.langchain4j.exception.TimeoutException;
import dev.langchain4j.model.chat.listener.ChatModelErrorContext;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.listener.ChatModelRequestContext;
import dev.langchain4j.model.chat.listener.ChatModelResponseContext;
import io.mlflowgateway.langchain4j.failure.FailureDetails;
import io.mlflowgateway.langchain4j.failure.GatewayAnswerException;
import io.mlflowgateway.langchain4j.failure.GatewayConnectionException;
import io.mlflowgateway.langchain4j.failure.GatewayFailure;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * Ten situations in which LangChain4j's OpenAI module 1.19.0 says too much, too little or nothing at all, one test each, and
 * cancellation beside them. Every streamed test states all callbacks, in order, and what listeners heard.
 */
class TenSituationsIT {

    private final Heard heard = new Heard();

    @Test
    void situation_1_a_connection_cut_in_the_middle_is_an_error_and_not_also_an_answer() throws Exception {
        try (StubGateway gateway =
                deployments((request, wire) -> wire.stream().says("Hal").close())) {
            RecordingHandler handler = streamed(gateway);

            assertThat(handler.failure()).isInstanceOf(GatewayConnectionException.class);
            assertEndedOnce(handler, "text Hal", "error GatewayConnectionException");
            assertThat(gateway.calls()).hasSize(1);
        }
    }

    @Test
    void situation_2_an_end_without_done_and_finish_reason_is_no_answer() throws Exception {
        try (StubGateway gateway =
                deployments((request, wire) -> wire.stream().says("Hal").end())) {
            RecordingHandler handler = streamed(gateway);

            assertThat(handler.failure())
                    .isInstanceOf(GatewayConnectionException.class)
                    .hasMessage(
                            "Route 'chat' at " + gateway.url() + ": the stream ended before the answer was complete");
            assertEndedOnce(handler, "text Hal", "error GatewayConnectionException");
        }
    }

    @Test
    void situation_3_an_error_among_the_events_ends_the_stream_with_its_own_exception() throws Exception {
        try (StubGateway gateway = deployments((request, wire) -> wire.stream("X-Request-Id: req-9")
                .says("Hal")
                .event(
                        "{\"error\":{\"message\":\"slow down\",\"type\":\"rate_limit_error\",\"code\":\"rate_limit_exceeded\"}}")
                .stops("stop")
                .event("[DONE]")
                .end())) {
            RecordingHandler handler = streamed(gateway);

            assertThat(handler.failure()).isInstanceOf(RateLimitException.class).hasMessageContaining("slow down");
            FailureDetails details = ((GatewayFailure) handler.failure()).details();
            assertThat(details.requestId()).contains("req-9");
            assertThat(details.code()).contains("rate_limit_exceeded");
            assertEndedOnce(handler, "text Hal", "error GatewayRateLimitException");
        }
    }

    @Test
    void situation_4_an_event_named_error_is_one_mapped_error() throws Exception {
        try (StubGateway gateway = deployments((request, wire) -> wire.stream()
                .says("Hal")
                .chunk("event: error\ndata: the model fell over\n\n")
                .end())) {
            RecordingHandler handler = streamed(gateway);

            assertThat(handler.failure())
                    .isInstanceOf(InternalServerException.class)
                    .hasMessageContaining("500 in the stream: the model fell over");
            assertEndedOnce(handler, "text Hal", "error GatewayInternalServerException");
        }
    }

    @Test
    void situation_5_a_stream_that_stalls_times_out_and_closes_its_connection() throws Exception {
        CompletableFuture<Void> gone = new CompletableFuture<>();
        try (StubGateway gateway = deployments((request, wire) -> {
            wire.stream().says("Hal");
            wire.awaitClient(gone);
        })) {
            MlflowGatewayStreamingChatModel model =
                    builder(gateway).idleTimeout(Duration.ofMillis(400)).build();
            long start = System.nanoTime();

            RecordingHandler handler = streamed(model);

            assertThat(handler.failure()).isInstanceOf(TimeoutException.class).hasMessageContaining("no data for");
            assertThat(since(start)).isBetween(Duration.ofMillis(400), Duration.ofSeconds(4));
            gone.get(1, TimeUnit.SECONDS);
            assertEndedOnce(handler, "text Hal", "error GatewayTimeoutException");
        }
    }

    @Test
    void situation_6_json_instead_of_a_stream_is_an_error_and_not_an_empty_answer() throws Exception {
        try (StubGateway gateway =
                deployments((request, wire) -> wire.json(200, Fixtures.text("chat-response.json")))) {
            RecordingHandler handler = streamed(gateway);

            assertThat(handler.failure())
                    .isInstanceOf(GatewayAnswerException.class)
                    .hasMessageContaining("application/json");
            assertEndedOnce(handler, "error GatewayAnswerException");
            assertThat(gateway.calls()).hasSize(1);
        }
    }

    @Test
    void situation_7_retry_after_in_seconds_is_waited_for_and_told() throws Exception {
        try (StubGateway gateway = deployments((request, wire) ->
                wire.json(429, Fixtures.text("error-429.json"), "Retry-After: 1", "X-Request-Id: req-7"))) {
            MlflowGatewayChatModel model = MlflowGatewayChatModel.builder()
                    .baseUrl(gateway.url())
                    .route("chat")
                    .maxRetries(1)
                    .build();

            Throwable thrown = catchThrowable(() -> model.chat("Hello"));

            assertThat(gap(gateway)).isBetween(Duration.ofMillis(990), Duration.ofSeconds(5));
            FailureDetails details = ((GatewayFailure) thrown).details();
            assertThat(thrown).isInstanceOf(RateLimitException.class);
            assertThat(details.retryAfter()).contains(Duration.ofSeconds(1));
            assertThat(details.requestId()).contains("req-7");
            assertThat(details.attempts()).isEqualTo(2);
        }
    }

    @Test
    void situation_7_retry_after_as_a_date_is_waited_for_by_the_servers_clock() throws Exception {
        ZonedDateTime serverTime = ZonedDateTime.of(2020, 2, 29, 23, 59, 59, 0, ZoneOffset.UTC);
        AtomicInteger tries = new AtomicInteger();
        try (StubGateway gateway = deployments((request, wire) -> {
            if (tries.incrementAndGet() == 1) {
                wire.json(
                        503,
                        "{}",
                        "Date: " + DateTimeFormatter.RFC_1123_DATE_TIME.format(serverTime),
                        "Retry-After: " + DateTimeFormatter.RFC_1123_DATE_TIME.format(serverTime.plusSeconds(1)));
            } else {
                wire.stream().says("Hi").stops("stop").event("[DONE]").end();
            }
        })) {
            RecordingHandler handler = streamed(gateway);

            handler.response();
            assertThat(gap(gateway)).isBetween(Duration.ofMillis(990), Duration.ofSeconds(5));
            assertThat(handler.callbacks).containsExactly("text Hi", "complete Hi");
        }
    }

    @Test
    void situation_7_a_server_that_asks_for_more_than_the_cap_is_not_asked_again() throws Exception {
        try (StubGateway gateway =
                deployments((request, wire) -> wire.json(429, Fixtures.text("error-429.json"), "Retry-After: 3"))) {
            MlflowGatewayStreamingChatModel model =
                    builder(gateway).maxRetryAfter(Duration.ofSeconds(2)).build();
            long start = System.nanoTime();

            RecordingHandler handler = streamed(model);

            assertThat(((GatewayFailure) handler.failure()).details().retryAfter())
                    .contains(Duration.ofSeconds(3));
            assertThat(since(start)).isLessThan(Duration.ofSeconds(3));
            assertEndedOnce(handler, "error GatewayRateLimitException");
            assertThat(gateway.calls()).hasSize(1);
        }
    }

    @Test
    void situation_8_a_refused_connection_is_retriable_and_names_the_address() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        String url = "http://127.0.0.1:" + port;
        MlflowGatewayStreamingChatModel streaming = MlflowGatewayStreamingChatModel.builder()
                .baseUrl(url)
                .route("chat")
                .maxRetries(0)
                .listeners(heard)
                .build();
        MlflowGatewayChatModel whole = MlflowGatewayChatModel.builder()
                .baseUrl(url)
                .route("chat")
                .maxRetries(0)
                .build();

        RecordingHandler handler = streamed(streaming);

        assertThat(handler.failure())
                .isInstanceOf(GatewayConnectionException.class)
                .isInstanceOf(RetriableException.class)
                .hasMessage("No answer from " + url + ": connection refused");
        assertEndedOnce(handler, "error GatewayConnectionException");
        assertThatThrownBy(() -> whole.chat("Hello")).hasMessage("No answer from " + url + ": connection refused");
    }

    @Test
    void situation_9_suppliers_are_asked_once_for_each_attempt() throws Exception {
        AtomicInteger headers = new AtomicInteger();
        AtomicInteger keys = new AtomicInteger();
        try (StubGateway gateway = new StubGateway((request, wire) -> wire.json(500, "{\"detail\":\"no\"}"))) {
            MlflowGatewayStreamingChatModel model = builder(gateway)
                    .dialect(MlflowGatewayDialect.DEPLOYMENTS)
                    .apiKey(() -> "fake-key-" + keys.incrementAndGet())
                    .customHeaders(() -> Map.of("X-Try", String.valueOf(headers.incrementAndGet())))
                    .maxRetries(2)
                    .build();

            RecordingHandler handler = streamed(model);

            assertThat(handler.failure()).isInstanceOf(InternalServerException.class);
            assertThat(headers).hasValue(3);
            assertThat(keys).hasValue(3);
            assertThat(gateway.calls().stream().map(call -> call.headers().get("X-Try")))
                    .containsExactly("1", "2", "3");
            assertThat(gateway.calls().get(2).headers()).containsEntry("Authorization", "Bearer fake-key-3");
        }
    }

    @Test
    void situation_10_a_stream_is_tried_again_before_its_first_event() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        try (StubGateway gateway = deployments((request, wire) -> {
            switch (tries.incrementAndGet()) {
                case 1 -> wire.json(503, "{\"detail\":\"busy\"}");
                case 2 -> wire.stream().end();
                default ->
                    wire.stream().says("Hi").stops("stop").event("[DONE]").end();
            }
        })) {
            RecordingHandler handler = streamed(gateway);

            handler.response();
            assertThat(handler.callbacks).containsExactly("text Hi", "complete Hi");
            assertThat(gateway.calls()).hasSize(3);
            assertThat(heard.events).containsExactly("request", "response");
        }
    }

    @Test
    void situation_10_a_stream_is_not_tried_again_after_its_first_event() throws Exception {
        try (StubGateway gateway =
                deployments((request, wire) -> wire.stream().says("Hal").reset())) {
            RecordingHandler handler = streamed(builder(gateway).maxRetries(5).build());

            assertThat(handler.failure()).isInstanceOf(GatewayConnectionException.class);
            assertEndedOnce(handler, "text Hal", "error GatewayConnectionException");
            assertThat(gateway.calls()).hasSize(1);
        }
    }

    @Test
    void a_stream_cancelled_from_another_thread_closes_its_connection_and_nobody_hears_more() throws Exception {
        CompletableFuture<Void> gone = new CompletableFuture<>();
        try (StubGateway gateway = deployments((request, wire) -> {
            wire.stream().says("one");
            wire.awaitClient(gone);
        })) {
            RecordingHandler handler = streamed(gateway);

            soon(handler.firstText).cancel();

            gone.get(1, TimeUnit.SECONDS);
            assertThat(handler.firstText.get().isCancelled()).isTrue();
            assertThat(handler.saidMoreThan(1)).isFalse();
            assertThat(handler.callbacks).containsExactly("text one");
            assertThat(heard.events).containsExactly("request");
        }
    }

    @Test
    void a_stream_cancelled_while_more_keeps_coming_says_no_more() throws Exception {
        CompletableFuture<Void> gone = new CompletableFuture<>();
        try (StubGateway gateway = deployments((request, wire) -> {
            wire.stream();
            try {
                while (!gone.isDone()) {
                    wire.says("x");
                }
            } catch (IOException closed) {
                gone.complete(null);
            }
        })) {
            RecordingHandler handler = streamed(gateway);

            soon(handler.firstText).cancel();

            gone.get(1, TimeUnit.SECONDS);
            // One callback may have been under way while cancel was called.
            int said = handler.callbacks.size();
            assertThat(handler.saidMoreThan(said + 1)).isFalse();
            assertThat(handler.callbacks).containsOnly("text x");
            assertThat(heard.events).containsExactly("request");
        }
    }

    private void assertEndedOnce(RecordingHandler handler, String... callbacks) {
        assertThat(handler.saidMore()).isFalse();
        assertThat(handler.callbacks).containsExactly(callbacks);
        assertThat(handler.threads).hasSize(1).doesNotContain(Thread.currentThread());
        assertThat(heard.events).containsExactly("request", "error");
    }

    private MlflowGatewayStreamingChatModel.MlflowGatewayStreamingChatModelBuilder builder(StubGateway gateway) {
        return MlflowGatewayStreamingChatModel.builder()
                .baseUrl(gateway.url())
                .route("chat")
                .listeners(heard);
    }

    private RecordingHandler streamed(StubGateway gateway) {
        return streamed(builder(gateway).build());
    }

    private static RecordingHandler streamed(MlflowGatewayStreamingChatModel model) {
        RecordingHandler handler = new RecordingHandler();
        model.chat("Hello", handler);
        return handler;
    }

    private static Duration gap(StubGateway gateway) {
        List<StubGateway.Seen> calls = gateway.calls();
        return Duration.ofNanos(calls.get(1).nanos() - calls.get(0).nanos());
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /** What a listener of the model was told. */
    private static final class Heard implements ChatModelListener {

        final List<String> events = new CopyOnWriteArrayList<>();

        @Override
        public void onRequest(ChatModelRequestContext context) {
            events.add("request");
        }

        @Override
        public void onResponse(ChatModelResponseContext context) {
            events.add("response");
        }

        @Override
        public void onError(ChatModelErrorContext context) {
            events.add("error");
        }
    }
}
