package io.mlflowgateway.langchain4j;

import static io.mlflowgateway.langchain4j.StubGateway.deployments;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.TimeoutException;
import dev.langchain4j.model.StreamingResponseHandler;
import io.mlflowgateway.langchain4j.failure.GatewayFailure;
import io.mlflowgateway.langchain4j.failure.GatewayRateLimitException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One timeout bounds a call with everything that belongs to it, whichever model makes it. */
class TimeoutsIT {

    private static final Duration SOON = Duration.ofSeconds(4);

    /** Each model makes one call and throws what it failed with. */
    interface Call {
        void with(Consumer<MlflowGatewayBuilder<?>> settings) throws Throwable;
    }

    static Stream<Arguments> models() {
        return Stream.of(
                model("chat", settings -> {
                    var builder = MlflowGatewayChatModel.builder().route("r");
                    settings.accept(builder);
                    builder.build().chat("Hello");
                }),
                model("streaming chat", settings -> {
                    var builder = MlflowGatewayStreamingChatModel.builder().route("r");
                    settings.accept(builder);
                    RecordingHandler handler = new RecordingHandler();
                    builder.build().chat("Hello", handler);
                    throw handler.failure();
                }),
                model("language", settings -> {
                    var builder = MlflowGatewayLanguageModel.builder().route("r");
                    settings.accept(builder);
                    builder.build().generate("Hello");
                }),
                model("streaming language", settings -> {
                    var builder = MlflowGatewayStreamingLanguageModel.builder().route("r");
                    settings.accept(builder);
                    Failure failure = new Failure();
                    builder.build().generate("Hello", failure);
                    throw StubGateway.soon(failure.told);
                }),
                model("embedding", settings -> {
                    var builder = MlflowGatewayEmbeddingModel.builder().route("r");
                    settings.accept(builder);
                    builder.build().embed("Hello");
                }),
                model("catalog", settings -> {
                    var builder = MlflowGatewayModelCatalog.builder();
                    settings.accept(builder);
                    builder.build().listModels();
                }),
                model("client", settings -> {
                    var builder = MlflowGatewayClient.builder();
                    settings.accept(builder);
                    builder.build().query("r", "{}");
                }));
    }

    @ParameterizedTest
    @MethodSource("models")
    void a_gateway_that_accepts_and_stays_silent_ends_the_call_by_its_timeout(Call call) throws Exception {
        try (StubGateway gateway = new StubGateway((request, wire) -> wire.hold())) {
            long start = System.nanoTime();

            Throwable thrown = catchThrowable(
                    () -> call.with(settings -> settings.baseUrl(gateway.url()).timeout(Duration.ofMillis(400))));

            assertThat(thrown).isInstanceOf(TimeoutException.class).hasMessageContaining(gateway.url());
            assertThat(since(start)).isBetween(Duration.ofMillis(390), SOON);
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void a_gateway_that_lists_but_never_answers_a_call_ends_it_by_the_first_byte_timeout(Call call) throws Exception {
        try (StubGateway gateway = new StubGateway((request, wire) -> wire.hold())) {
            long start = System.nanoTime();

            Throwable thrown = catchThrowable(() -> call.with(settings -> settings.baseUrl(gateway.url())
                    .dialect(MlflowGatewayDialect.DEPLOYMENTS)
                    .firstByteTimeout(Duration.ofMillis(300))
                    .maxRetries(1)));

            assertThat(thrown).isInstanceOf(TimeoutException.class).hasMessageContaining("no head within");
            assertThat(((GatewayFailure) thrown).details().attempts()).isEqualTo(2);
            assertThat(since(start)).isBetween(Duration.ofMillis(600), SOON);
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void a_wait_that_would_pass_the_timeout_is_not_begun(Call call) throws Exception {
        try (StubGateway gateway = new StubGateway(
                (request, wire) -> wire.json(429, Fixtures.text("error-429.json"), "Retry-After: 20"))) {
            long start = System.nanoTime();

            Throwable thrown = catchThrowable(
                    () -> call.with(settings -> settings.baseUrl(gateway.url()).timeout(Duration.ofSeconds(5))));

            assertThat(thrown).isInstanceOf(RateLimitException.class);
            assertThat(((GatewayFailure) thrown).details().retryAfter()).contains(Duration.ofSeconds(20));
            assertThat(since(start)).isLessThan(SOON);
            assertThat(gateway.seen()).hasSize(1);
        }
    }

    @Test
    void what_is_left_shrinks_from_attempt_to_attempt() throws Exception {
        try (StubGateway gateway =
                deployments((request, wire) -> wire.json(429, Fixtures.text("error-429.json"), "Retry-After: 1"))) {
            MlflowGatewayChatModel model = chat(gateway)
                    .timeout(Duration.ofMillis(1_800))
                    .maxRetries(5)
                    .build();
            long start = System.nanoTime();

            Throwable thrown = catchThrowable(() -> model.chat("Hello"));

            // One pause of a second fits, a second one does not.
            assertThat(thrown).isInstanceOf(GatewayRateLimitException.class);
            assertThat(((GatewayFailure) thrown).details().attempts()).isEqualTo(2);
            assertThat(since(start)).isLessThan(Duration.ofMillis(1_800));
        }
    }

    @Test
    void a_back_off_that_would_pass_the_timeout_fails_with_the_failure_itself() throws Exception {
        try (StubGateway gateway = deployments((request, wire) -> wire.json(503, "{\"detail\":\"busy\"}"))) {
            MlflowGatewayChatModel model = chat(gateway)
                    .dialect(MlflowGatewayDialect.DEPLOYMENTS)
                    .timeout(Duration.ofMillis(390))
                    .build();

            assertThatThrownBy(() -> model.chat("Hello")).hasMessageContaining("busy");
            assertThat(gateway.calls()).hasSize(1);
        }
    }

    @Test
    void asking_what_the_server_speaks_is_part_of_the_first_calls_time() throws Exception {
        try (StubGateway gateway = new StubGateway((request, wire) -> {
            if (request.path().equals("/api/2.0/endpoints/")) {
                later(700).join();
                wire.json(200, Fixtures.text("endpoints.json"));
            } else {
                wire.hold();
            }
        })) {
            MlflowGatewayChatModel whole =
                    chat(gateway).timeout(Duration.ofSeconds(1)).build();
            MlflowGatewayStreamingChatModel streaming = MlflowGatewayStreamingChatModel.builder()
                    .baseUrl(gateway.url())
                    .route("chat")
                    .timeout(Duration.ofSeconds(1))
                    .build();
            RecordingHandler handler = new RecordingHandler();
            long start = System.nanoTime();

            streaming.chat("Hello", handler);
            Throwable thrown = catchThrowable(() -> whole.chat("Hello"));

            assertThat(thrown).isInstanceOf(TimeoutException.class).hasMessageContaining("PT1S altogether");
            assertThat(handler.failure()).isInstanceOf(TimeoutException.class).hasMessageContaining("PT1S altogether");
            assertThat(since(start)).isBetween(Duration.ofMillis(990), Duration.ofMillis(1_600));
            assertThat(gateway.calls()).hasSize(2);
        }
    }

    @Test
    void a_requests_own_timeout_bounds_its_waits_and_the_question_before_it() throws Exception {
        try (StubGateway silent = new StubGateway((request, wire) -> wire.hold())) {
            var parameters = MlflowGatewayChatRequestParameters.builder()
                    .timeout(Duration.ofMillis(300))
                    .build();
            long start = System.nanoTime();

            assertThatThrownBy(() -> chat(silent)
                            .defaultRequestParameters(parameters)
                            .build()
                            .chat("Hello"))
                    .isInstanceOf(TimeoutException.class)
                    .hasMessageContaining("'chat' at " + silent.url());

            assertThat(since(start)).isBetween(Duration.ofMillis(290), SOON);
        }
    }

    @Test
    void a_connection_nobody_accepts_ends_by_the_connect_timeout() throws Exception {
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            List<Socket> waiting = fill(full);
            long start = System.nanoTime();

            Throwable thrown = catchThrowable(() -> MlflowGatewayChatModel.builder()
                    .baseUrl("http://127.0.0.1:" + full.getLocalPort())
                    .dialect(MlflowGatewayDialect.DEPLOYMENTS)
                    .route("chat")
                    .connectTimeout(Duration.ofMillis(300))
                    .maxRetries(0)
                    .build()
                    .chat("Hello"));

            assertThat(thrown).isInstanceOf(TimeoutException.class).hasMessageContaining("connect timed out");
            assertThat(since(start)).isBetween(Duration.ofMillis(290), SOON);
            for (Socket socket : waiting) {
                socket.close();
            }
        }
    }

    /** Takes every place in a server's queue, until a further one is not connected. */
    private static List<Socket> fill(ServerSocket server) throws IOException {
        List<Socket> waiting = new ArrayList<>();
        while (waiting.size() < 100) {
            Socket socket = new Socket();
            waiting.add(socket);
            try {
                socket.connect(server.getLocalSocketAddress(), 200);
            } catch (SocketTimeoutException full) {
                return waiting;
            }
        }
        return Assumptions.abort("this system queues more connections than it was told to");
    }

    @Test
    void the_total_timeout_can_be_longer_than_the_timeout_of_each_wait() throws Exception {
        try (StubGateway gateway = deployments((request, wire) -> wire.hold())) {
            MlflowGatewayChatModel model = chat(gateway)
                    .timeout(Duration.ofMillis(300))
                    .totalTimeout(Duration.ofSeconds(20))
                    .maxRetries(1)
                    .build();

            assertThatThrownBy(() -> model.chat("Hello"))
                    .isInstanceOf(TimeoutException.class)
                    .hasMessageContaining("no head within");

            assertThat(gateway.calls()).hasSize(2);
        }
    }

    private static Arguments model(String name, Call call) {
        return Arguments.argumentSet(name, call);
    }

    private static MlflowGatewayChatModel.MlflowGatewayChatModelBuilder chat(StubGateway gateway) {
        return MlflowGatewayChatModel.builder().baseUrl(gateway.url()).route("chat");
    }

    private static CompletableFuture<Void> later(long millis) {
        return new CompletableFuture<Void>()
                .completeOnTimeout(null, millis, java.util.concurrent.TimeUnit.MILLISECONDS);
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /** Waits for the failure of a streamed completion. */
    private static final class Failure implements StreamingResponseHandler<String> {

        final CompletableFuture<Throwable> told = new CompletableFuture<>();

        @Override
        public void onNext(String token) {
            told.completeExceptionally(new IOException("said something: " + token));
        }

        @Override
        public void onError(Throwable error) {
            told.complete(error);
        }
    }
}
