package io.mlflowgateway.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.mlflowgateway.langchain4j.failure.GatewayAuthenticationException;
import io.mlflowgateway.langchain4j.failure.GatewayConnectionException;
import io.mlflowgateway.langchain4j.failure.GatewayFailure;
import io.mlflowgateway.langchain4j.token.OAuthTokenProvider;
import io.mlflowgateway.langchain4j.token.TokenProvider;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens that come from an identity server on their way to a gateway. */
class TokenProvidersIT {

    private static final String SECRET = "dose-fake-secret/+1";

    private final AtomicInteger issued = new AtomicInteger();

    @Test
    void a_databricks_workspace_is_asked_with_basic_authentication_for_all_apis() throws Exception {
        try (StubGateway workspace = new StubGateway((request, wire) -> wire.json(200, issue()));
                StubGateway gateway = gateway()) {
            MlflowGatewayChatModel model = model(gateway)
                    .tokenProvider(OAuthTokenProvider.databricks(workspace.url() + "/")
                            .clientId("principal")
                            .clientSecret(SECRET)
                            .build())
                    .build();

            model.chat("Hello");
            model.chat("Hello again");

            StubGateway.Seen asked = workspace.seen().get(0);
            assertThat(asked.path()).isEqualTo("/oidc/v1/token");
            assertThat(asked.headers())
                    .containsEntry("Authorization", "Basic " + base64("principal:dose-fake-secret%2F%2B1"))
                    .containsEntry("Content-Type", "application/x-www-form-urlencoded");
            assertThat(asked.body()).isEqualTo("grant_type=client_credentials&scope=all-apis");
            assertThat(workspace.seen()).hasSize(1);
            assertThat(shown(gateway)).containsExactly("Bearer token-1", "Bearer token-1");
        }
    }

    @Test
    void other_identity_servers_are_shown_id_and_secret_in_the_form() throws Exception {
        try (StubGateway identity = new StubGateway((request, wire) -> wire.json(200, issue()));
                StubGateway gateway = gateway()) {
            MlflowGatewayChatModel model = model(gateway)
                    .tokenProvider(OAuthTokenProvider.builder()
                            .tokenUrl(identity.url() + "/tenant/oauth2/v2.0/token")
                            .clientId("app")
                            .clientSecret(SECRET)
                            .scope("api/.default")
                            .build())
                    .build();

            model.chat("Hello");

            assertThat(identity.seen().get(0).headers()).doesNotContainKey("Authorization");
            assertThat(identity.seen().get(0).body())
                    .isEqualTo("grant_type=client_credentials&client_id=app&client_secret=dose-fake-secret%2F%2B1"
                            + "&scope=api%2F.default");
        }
    }

    @Test
    void calls_at_the_same_time_fetch_one_token() throws Exception {
        CompletableFuture<Void> go = new CompletableFuture<>();
        try (StubGateway identity = new StubGateway((request, wire) -> {
                    StubGateway.soon(go);
                    wire.json(200, issue());
                });
                StubGateway gateway = gateway()) {
            MlflowGatewayStreamingChatModel model = MlflowGatewayStreamingChatModel.builder()
                    .baseUrl(gateway.url())
                    .route("chat")
                    .dialect(MlflowGatewayDialect.DEPLOYMENTS)
                    .tokenProvider(provider(identity).build())
                    .build();
            List<RecordingHandler> handlers = new ArrayList<>();
            for (int call = 0; call < 20; call++) {
                RecordingHandler handler = new RecordingHandler();
                model.chat("Hello", handler);
                handlers.add(handler);
            }

            go.complete(null);

            handlers.forEach(RecordingHandler::ended);
            assertThat(identity.seen()).hasSize(1);
            assertThat(shown(gateway)).hasSize(20).containsOnly("Bearer token-1");
        }
    }

    @Test
    void a_token_that_is_refused_is_replaced_once_whatever_the_retries() throws Exception {
        try (StubGateway identity = new StubGateway((request, wire) -> wire.json(200, issue()));
                StubGateway gateway = new StubGateway((request, wire) -> {
                    if ("Bearer token-2".equals(request.headers().get("Authorization"))) {
                        wire.json(200, Fixtures.text("chat-response.json"));
                    } else {
                        wire.json(401, "{\"error_code\":\"UNAUTHENTICATED\",\"message\":\"expired\"}");
                    }
                })) {
            MlflowGatewayChatModel model = model(gateway)
                    .tokenProvider(provider(identity).build())
                    .maxRetries(0)
                    .build();

            assertThat(model.chat("Hello")).isEqualTo("Goethe.");

            assertThat(shown(gateway)).containsExactly("Bearer token-1", "Bearer token-2");
        }
    }

    @Test
    void a_repeated_call_asks_for_headers_on_a_thread_that_may_be_blocked() throws Exception {
        List<String> threads = new CopyOnWriteArrayList<>();
        try (StubGateway gateway = new StubGateway((request, wire) -> wire.json(401, "{}"))) {
            MlflowGatewayChatModel model = model(gateway)
                    .tokenProvider(new Renewable())
                    .customHeaders(() -> {
                        threads.add(Thread.currentThread().getName());
                        return Map.of();
                    })
                    .build();

            assertThatThrownBy(() -> model.chat("Hello")).isInstanceOf(GatewayAuthenticationException.class);

            assertThat(threads).hasSize(2);
            assertThat(threads.get(1)).startsWith("mlflow-gateway");
        }
    }

    @Test
    void a_second_401_is_the_callers_to_hear_of() throws Exception {
        try (StubGateway identity = new StubGateway((request, wire) -> wire.json(200, issue()));
                StubGateway gateway = new StubGateway((request, wire) -> wire.json(401, "{\"detail\":\"no\"}"))) {
            MlflowGatewayChatModel model = model(gateway)
                    .tokenProvider(provider(identity).build())
                    .maxRetries(5)
                    .build();

            Throwable thrown = catchThrowable(() -> model.chat("Hello"));

            assertThat(thrown).isInstanceOf(GatewayAuthenticationException.class);
            assertThat(((GatewayFailure) thrown).details().attempts()).isEqualTo(2);
            assertThat(gateway.calls()).hasSize(2);
            assertThat(identity.seen()).hasSize(2);
        }
    }

    @Test
    void a_refusal_of_the_provider_behind_the_gateway_is_not_the_tokens_fault() throws Exception {
        try (StubGateway identity = new StubGateway((request, wire) -> wire.json(200, issue()));
                StubGateway gateway = new StubGateway(
                        (request, wire) -> wire.json(401, "{\"detail\":\"no\"}", "X-Gateway-Error-Source: upstream"))) {
            MlflowGatewayChatModel model =
                    model(gateway).tokenProvider(provider(identity).build()).build();

            assertThatThrownBy(() -> model.chat("Hello")).isInstanceOf(GatewayAuthenticationException.class);

            assertThat(gateway.calls()).hasSize(1);
        }
    }

    @Test
    void an_identity_server_that_refuses_is_named_without_the_secret_it_repeats() throws Exception {
        try (StubGateway identity = new StubGateway((request, wire) ->
                        wire.json(401, "{\"error\":\"invalid_client\",\"error_description\":\"bad " + SECRET + "\"}"));
                StubGateway gateway = gateway()) {
            MlflowGatewayChatModel model =
                    model(gateway).tokenProvider(provider(identity).build()).build();

            Throwable thrown = catchThrowable(() -> model.chat("Hello"));

            assertThat(thrown)
                    .isInstanceOf(GatewayAuthenticationException.class)
                    .hasMessage("No token to call route 'chat' at " + gateway.url() + " with: No token from "
                            + identity.url() + "/oidc/v1/token: 401 invalid_client bad ***");
            assertThat(((GatewayFailure) thrown).details().route()).contains("chat");
            assertThat(identity.seen()).hasSize(1);
            assertThat(gateway.calls()).isEmpty();
        }
    }

    @Test
    void an_identity_server_that_is_overloaded_is_asked_again_as_the_call_is_repeated() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (StubGateway identity = new StubGateway((request, wire) -> {
                    if (asked.incrementAndGet() == 1) {
                        wire.json(503, "{}");
                    } else {
                        wire.json(200, issue());
                    }
                });
                StubGateway gateway = gateway()) {
            MlflowGatewayChatModel model =
                    model(gateway).tokenProvider(provider(identity).build()).build();

            assertThat(model.chat("Hello")).isEqualTo("Goethe.");

            assertThat(identity.seen()).hasSize(2);
        }
    }

    @Test
    void a_silent_identity_server_ends_the_wait_in_time() throws Exception {
        try (StubGateway identity = new StubGateway((request, wire) -> wire.hold());
                StubGateway gateway = gateway()) {
            MlflowGatewayChatModel model = model(gateway)
                    .tokenProvider(
                            provider(identity).timeout(Duration.ofMillis(300)).build())
                    .maxRetries(0)
                    .build();
            long start = System.nanoTime();

            assertThatThrownBy(() -> model.chat("Hello"))
                    .isInstanceOf(GatewayConnectionException.class)
                    .hasMessageContaining("nothing within PT0.3S");

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
        }
    }

    @Test
    void a_provider_that_never_answers_is_waited_for_no_longer_than_a_server() throws Exception {
        try (StubGateway gateway = gateway()) {
            MlflowGatewayChatModel model = model(gateway)
                    .tokenProvider(CompletableFuture::new)
                    .firstByteTimeout(Duration.ofMillis(200))
                    .maxRetries(0)
                    .build();

            assertThatThrownBy(() -> model.chat("Hello"))
                    .isInstanceOf(GatewayConnectionException.class)
                    .hasMessageContaining("no token within PT0.2S");
        }
    }

    @Test
    void a_page_of_any_size_instead_of_a_token_is_refused() throws Exception {
        try (StubGateway identity =
                        new StubGateway((request, wire) -> wire.answer(200, "text/html", "x".repeat(300_000)));
                StubGateway gateway = gateway()) {
            MlflowGatewayChatModel model = model(gateway)
                    .tokenProvider(provider(identity).build())
                    .maxRetries(0)
                    .build();

            assertThatThrownBy(() -> model.chat("Hello")).hasMessageContaining("larger than 262144 bytes");
        }
    }

    @Test
    void a_provider_is_asked_once_for_each_attempt() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (StubGateway gateway = new StubGateway((request, wire) -> wire.json(503, "{}"))) {
            MlflowGatewayChatModel model = model(gateway)
                    .tokenProvider(TokenProvider.from(() -> " token-" + asked.incrementAndGet() + "\n"))
                    .maxRetries(2)
                    .build();

            assertThatThrownBy(() -> model.chat("Hello")).isInstanceOf(RuntimeException.class);

            assertThat(shown(gateway)).containsExactly("Bearer token-1", "Bearer token-2", "Bearer token-3");
        }
    }

    @Test
    void what_follows_a_token_that_was_waited_for_does_not_run_on_the_thread_that_brought_it() throws Exception {
        CompletableFuture<String> token = new CompletableFuture<>();
        CompletableFuture<String> thread = new CompletableFuture<>();
        try (StubGateway gateway = gateway()) {
            MlflowGatewayChatModel model = model(gateway)
                    .tokenProvider(() -> token)
                    .customHeaders(() -> {
                        thread.complete(Thread.currentThread().getName());
                        return Map.of();
                    })
                    .build();
            new Thread(() -> token.complete("late"), "bringer").start();

            model.chat("Hello");

            assertThat(StubGateway.soon(thread)).isNotEqualTo("bringer");
            assertThat(shown(gateway)).containsExactly("Bearer late");
        }
    }

    @Test
    void a_key_and_a_provider_contradict_each_other() {
        assertThatThrownBy(() -> MlflowGatewayClient.builder()
                        .baseUrl("http://127.0.0.1:1")
                        .apiKey("fake")
                        .tokenProvider(TokenProvider.of("fake"))
                        .build())
                .hasMessageContaining("apiKey and tokenProvider");
    }

    /** Has another token whenever one is refused, and at once. */
    private static final class Renewable implements TokenProvider {

        private final AtomicInteger refused = new AtomicInteger();

        @Override
        public CompletionStage<String> token() {
            return CompletableFuture.completedFuture("token-" + refused.get());
        }

        @Override
        public boolean refused(String token) {
            refused.incrementAndGet();
            return true;
        }
    }

    private String issue() {
        return "{\"access_token\":\"token-" + issued.incrementAndGet() + "\",\"expires_in\":3600}";
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\\r\\nX-Evil: 1", "sk-fake\\u200b", "two words", "caf\\u00e9"})
    void what_cannot_be_a_token_is_none(String token) throws Exception {
        try (StubGateway identity =
                        new StubGateway((request, wire) -> wire.json(200, "{\"access_token\":\"" + token + "\"}"));
                StubGateway gateway = gateway()) {
            MlflowGatewayChatModel model =
                    model(gateway).tokenProvider(provider(identity).build()).build();

            Throwable failure = catchThrowable(() -> model.chat("Hello"));

            assertThat(failure)
                    .isInstanceOf(GatewayAuthenticationException.class)
                    .hasMessageContaining("what it gave is not one")
                    .hasMessageNotContaining("Evil")
                    .hasMessageNotContaining("sk-fake");
            assertThat(gateway.seen()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void an_identity_server_that_repeats_the_question_does_not_make_us_repeat_the_secret(boolean basic) {
        StubGateway.Script polite = (request, wire) -> wire.json(
                400, "{\"error\":\"" + request.body() + " " + request.headers().get("Authorization") + "\"}");
        StubGateway.Script garbled = (request, wire) -> {
            wire.raw(request.body() + " " + request.headers().get("Authorization") + "\r\n\r\n");
            wire.close();
        };

        for (StubGateway.Script script : List.of(polite, garbled)) {
            try (StubGateway identity = new StubGateway(script)) {
                OAuthTokenProvider tokens =
                        provider(identity).basicAuthentication(basic).build();

                Throwable failure = catchThrowable(
                        () -> tokens.token().toCompletableFuture().get());

                assertThat(stackTrace(failure))
                        .contains("***")
                        .doesNotContain(SECRET)
                        .doesNotContain(URLEncoder.encode(SECRET, StandardCharsets.UTF_8))
                        .doesNotContain(base64("principal:" + SECRET));
            } catch (IOException unclosed) {
                throw new AssertionError(unclosed);
            }
        }
    }

    private static String stackTrace(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    private static StubGateway gateway() {
        return new StubGateway((request, wire) -> wire.json(200, Fixtures.text("chat-response.json")));
    }

    private static OAuthTokenProvider.Builder provider(StubGateway identity) {
        return OAuthTokenProvider.databricks(identity.url())
                .clientId("principal")
                .clientSecret(SECRET);
    }

    private static MlflowGatewayChatModel.MlflowGatewayChatModelBuilder model(StubGateway gateway) {
        return MlflowGatewayChatModel.builder()
                .baseUrl(gateway.url())
                .dialect(MlflowGatewayDialect.DEPLOYMENTS)
                .route("chat");
    }

    private static List<String> shown(StubGateway gateway) {
        return gateway.seen().stream()
                .map(request -> request.headers().get("Authorization"))
                .toList();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
