package io.mlflowgateway.langchain4j;

import static io.mlflowgateway.langchain4j.StubGateway.deployments;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.ContentFilteredException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.TimeoutException;
import dev.langchain4j.exception.UnresolvedModelServerException;
import io.mlflowgateway.langchain4j.failure.FailureDetails;
import io.mlflowgateway.langchain4j.failure.GatewayConnectionException;
import io.mlflowgateway.langchain4j.failure.GatewayFailure;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each refusal becomes, and how often it is tried. */
class FailuresIT {

    @ParameterizedTest
    @EnumSource
    void each_status_has_its_exception_and_its_number_of_attempts(StatusRow row) throws Exception {
        try (StubGateway gateway = deployments((request, wire) -> wire.json(
                row.status(),
                "{\"error_code\":\"WORD\",\"message\":\"no, because\"}",
                "Retry-After: 0",
                "X-Request-Id: req-5",
                "X-Gateway-Provider: openai",
                "X-Gateway-Error-Source: upstream"))) {
            MlflowGatewayChatModel model = model(gateway).maxRetries(1).build();

            Throwable thrown = catchThrowable(() -> model.chat("Hello"));

            assertThat(thrown)
                    .isExactlyInstanceOf(row.type())
                    .isInstanceOf(row.common())
                    .hasMessage("Route 'chat' at " + gateway.url() + ": " + row.status() + " no, because");
            assertThat(gateway.calls()).hasSize(row.attempts(1));
            assertThat(((GatewayFailure) thrown).details())
                    .isEqualTo(new FailureDetails(
                            OptionalInt.of(row.status()),
                            Optional.of("WORD"),
                            Optional.of("req-5"),
                            Optional.of("chat"),
                            Optional.of(Duration.ZERO),
                            Optional.of("upstream"),
                            Optional.of("openai"),
                            row.attempts(1)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void each_status_has_the_same_exception_and_number_of_attempts_when_a_stream_was_asked_for(StatusRow row)
            throws Exception {
        try (StubGateway gateway = deployments(
                (request, wire) -> wire.json(row.status(), "{\"detail\":\"no, because\"}", "Retry-After: 0"))) {
            RecordingHandler handler = new RecordingHandler();

            MlflowGatewayStreamingChatModel.builder()
                    .baseUrl(gateway.url())
                    .route("chat")
                    .maxRetries(1)
                    .build()
                    .chat("Hello", handler);

            assertThat(handler.failure()).isExactlyInstanceOf(row.type()).hasMessageContaining("no, because");
            assertThat(handler.callbacks).containsExactly("error " + row.type().getSimpleName());
            assertThat(gateway.calls()).hasSize(row.attempts(1));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"detail\":\"Not Found\"}", "", "{\"detail\":\"not found\"}"})
    void a_bare_404_says_that_there_is_no_such_route(String body) throws Exception {
        try (StubGateway gateway = deployments((request, wire) -> wire.json(404, body))) {
            assertThatThrownBy(() -> model(gateway).route("nobody").build().chat("Hello"))
                    .isInstanceOf(ModelNotFoundException.class)
                    .hasMessageStartingWith("Route 'nobody' at " + gateway.url()
                            + ": no such route, or another dialect is spoken there (404");
        }
    }

    @Test
    void a_404_in_the_servers_own_words_or_from_behind_it_is_told_as_it_is() throws Exception {
        try (StubGateway wordy = deployments((request, wire) -> wire.json(404, "{\"detail\":\"no model gpt-9\"}"));
                StubGateway behind = deployments((request, wire) ->
                        wire.json(404, "{\"detail\":\"Not Found\"}", "X-Gateway-Error-Source: upstream"))) {
            assertThatThrownBy(() -> model(wordy).build().chat("Hello"))
                    .isInstanceOf(ModelNotFoundException.class)
                    .hasMessageEndingWith("404 no model gpt-9");
            assertThatThrownBy(() -> model(behind).build().chat("Hello"))
                    .isInstanceOf(ModelNotFoundException.class)
                    .hasMessageEndingWith("404 Not Found");
        }
    }

    @Test
    void validation_items_are_told_by_place_without_the_users_words() throws Exception {
        try (StubGateway gateway = deployments((request, wire) -> wire.json(422, Fixtures.text("error-422.json")))) {
            assertThatThrownBy(() -> model(gateway).build().chat("Hello"))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("body.temperature: Input should be less than or equal to 2");
        }
    }

    @Test
    void a_refused_content_is_content_filtered() throws Exception {
        String body = "{\"error\":{\"message\":\"no\",\"code\":\"content_filter\"}}";
        try (StubGateway gateway = deployments((request, wire) -> wire.json(400, body))) {
            assertThatThrownBy(() -> model(gateway).build().chat("Hello")).isInstanceOf(ContentFilteredException.class);
        }
    }

    @Test
    void a_page_of_html_is_not_quoted() throws Exception {
        try (StubGateway gateway = deployments(
                (request, wire) -> wire.answer(400, "text/html; charset=utf-8", "<html><b>oops</b></html>"))) {
            assertThatThrownBy(() -> model(gateway).build().chat("Hello"))
                    .hasMessageContaining("an HTML page")
                    .hasMessageNotContaining("<b>");
        }
    }

    @Test
    void the_server_decides_how_long_is_waited() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        try (StubGateway gateway = deployments((request, wire) -> {
            if (tries.incrementAndGet() == 1) {
                wire.json(503, "{\"detail\":\"busy\"}", "Retry-After: 1");
            } else {
                wire.json(200, Fixtures.text("chat-response.json"));
            }
        })) {
            String answer = model(gateway).build().chat("Hello");

            assertThat(answer).isEqualTo("Goethe.");
            long gap = gateway.calls().get(1).nanos() - gateway.calls().get(0).nanos();
            assertThat(Duration.ofNanos(gap)).isBetween(Duration.ofMillis(990), Duration.ofSeconds(5));
        }
    }

    @Test
    void a_wait_longer_than_the_total_timeout_is_not_begun() throws Exception {
        try (StubGateway gateway =
                deployments((request, wire) -> wire.json(429, Fixtures.text("error-429.json"), "Retry-After: 30"))) {
            long start = System.nanoTime();

            assertThatThrownBy(() -> model(gateway)
                            .totalTimeout(Duration.ofSeconds(5))
                            .build()
                            .chat("Hello"))
                    .isInstanceOf(RateLimitException.class);

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
            assertThat(gateway.calls()).hasSize(1);
        }
    }

    @Test
    void no_head_in_time_is_a_timeout_and_the_connection_is_closed() throws Exception {
        CompletableFuture<Void> gone = new CompletableFuture<>();
        try (StubGateway gateway = deployments((request, wire) -> wire.awaitClient(gone))) {
            assertThatThrownBy(() -> model(gateway)
                            .firstByteTimeout(Duration.ofMillis(300))
                            .maxRetries(0)
                            .build()
                            .chat("Hello"))
                    .isInstanceOf(TimeoutException.class)
                    .hasMessageContaining(gateway.url())
                    .hasMessageContaining("no head within");
            gone.get(1, TimeUnit.SECONDS);
        }
    }

    @Test
    void a_body_that_stops_in_the_middle_is_a_timeout_and_the_connection_is_closed() throws Exception {
        CompletableFuture<Void> gone = new CompletableFuture<>();
        try (StubGateway gateway = deployments((request, wire) -> {
            wire.raw("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"cho");
            wire.awaitClient(gone);
        })) {
            assertThatThrownBy(() -> model(gateway)
                            .firstByteTimeout(Duration.ofMillis(300))
                            .maxRetries(0)
                            .build()
                            .chat("Hello"))
                    .isInstanceOf(TimeoutException.class)
                    .hasMessageContaining("no body within");
            gone.get(1, TimeUnit.SECONDS);
        }
    }

    @Test
    void a_reset_connection_is_tried_again() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        try (StubGateway gateway = deployments((request, wire) -> {
            if (tries.incrementAndGet() == 1) {
                wire.reset();
            } else {
                wire.json(200, Fixtures.text("chat-response.json"));
            }
        })) {
            assertThat(model(gateway).build().chat("Hello")).isEqualTo("Goethe.");
        }
    }

    @Test
    void a_body_cut_short_is_a_connection_failure() throws Exception {
        try (StubGateway gateway = deployments((request, wire) -> {
            wire.raw("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"cho");
            wire.close();
        })) {
            assertThatThrownBy(() -> model(gateway).maxRetries(0).build().chat("Hello"))
                    .isInstanceOf(GatewayConnectionException.class);
        }
    }

    @Test
    void a_host_without_address_is_not_tried_again() {
        long start = System.nanoTime();

        assertThatThrownBy(() -> MlflowGatewayChatModel.builder()
                        .baseUrl("http://no-such-host.invalid:5000")
                        .route("chat")
                        .build()
                        .chat("Hello"))
                .isInstanceOf(UnresolvedModelServerException.class)
                .hasMessageContaining("http://no-such-host.invalid:5000");

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void what_we_showed_the_server_is_not_repeated_in_the_failure() throws Exception {
        try (StubGateway gateway = deployments((request, wire) ->
                wire.json(401, "{\"detail\":\"bad key " + request.headers().get("Authorization") + "\"}"))) {
            assertThatThrownBy(() ->
                            model(gateway).apiKey("sk-fake-secret-1").build().chat("Hello"))
                    .isInstanceOf(AuthenticationException.class)
                    .hasMessageContaining("bad key")
                    .hasMessageNotContaining("sk-fake-secret-1")
                    .extracting(Throwable::getCause)
                    .asString()
                    .doesNotContain("sk-fake-secret-1");
        }
    }

    @Test
    void a_key_no_header_can_carry_is_refused_without_being_shown() {
        for (String key : List.of("sk-fake\r\nX-Evil: 1", "sk-fake\u0000", "sk\nfake")) {
            assertThatThrownBy(() -> MlflowGatewayChatModel.builder()
                            .baseUrl("http://127.0.0.1:1")
                            .route("chat")
                            .apiKey(key)
                            .build()
                            .chat("Hello"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("Authorization")
                    .hasMessageNotContaining("fake");
        }
    }

    private static MlflowGatewayChatModel.MlflowGatewayChatModelBuilder model(StubGateway gateway) {
        return MlflowGatewayChatModel.builder().baseUrl(gateway.url()).route("chat");
    }
}
