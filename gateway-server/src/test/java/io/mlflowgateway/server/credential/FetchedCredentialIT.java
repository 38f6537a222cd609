package io.mlflowgateway.server.credential;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.testing.QuietLog;
import io.mlflowgateway.server.testing.ScriptedUpstream;
import io.mlflowgateway.server.testing.ServiceAccountKey;
import io.mlflowgateway.server.testing.Surface;
import io.mlflowgateway.server.testing.TestGateway;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A token endpoint and a provider on sockets of their own, and the whole gateway between them and its callers. */
class FetchedCredentialIT {
    private static final String SECRET = "plain-client-secret";
    private static final String KEY = "key-to-be-replaced";
    private static final String CHAT = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

    private final Queue<String> forms = new ConcurrentLinkedQueue<>();
    private final Queue<String> heads = new ConcurrentLinkedQueue<>();
    private final AtomicInteger tokens = new AtomicInteger();

    /** Takes only the token that was given last. */
    private final ScriptedUpstream provider = new ScriptedUpstream(this::provide);

    private final ScriptedUpstream login = new ScriptedUpstream(this::giveToken);

    private void provide(ScriptedUpstream.Exchange exchange) throws IOException {
        heads.add(exchange.head());
        if (exchange.head().contains("Authorization: Bearer token-" + tokens.get() + "\r\n")) {
            Surface.answerWell(exchange);
        } else {
            refuse(exchange, "401 Unauthorized", "{\"error\":{\"message\":\"bad token\"}}");
        }
    }

    private void giveToken(ScriptedUpstream.Exchange exchange) throws IOException {
        forms.add(exchange.body());
        if (exchange.body().contains("expired-secret")) {
            refuse(
                    exchange,
                    "401 Unauthorized",
                    "{\"error\":\"invalid_client\",\"error_description\":\"expired-secret\"}");
        } else {
            exchange.json(
                    "{\"access_token\":\"token-" + tokens.incrementAndGet() + "\",\"expires_in\":3599,\"ext\":0}");
        }
    }

    private static void refuse(ScriptedUpstream.Exchange exchange, String status, String json) throws IOException {
        exchange.send("HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\nContent-Length: " + json.length()
                + "\r\n\r\n" + json);
    }

    @AfterEach
    void stop() {
        login.close();
        provider.close();
    }

    private String loginUrl() {
        return "http://127.0.0.1:" + login.port() + "/tenant/oauth2/v2.0/token";
    }

    private String credentials(String secret) {
        return """
                credentials:
                  - name: login
                    type: oauth-client-credentials
                    token_url: %s
                    client_id: gateway
                    client_secret: %s
                    scope: api://models/.default
                """.formatted(loginUrl(), secret);
    }

    /** Every surface's route, each with the credential {@code login}. */
    private String config(String secret) {
        return credentials(secret)
                + Surface.config(provider.base(), KEY, "")
                        .replace("config: {openai_api_key: " + KEY + ", ", "credential: login\n      config: {");
    }

    static Stream<Surface> surfaces() {
        return Surface.all();
    }

    @ParameterizedTest
    @MethodSource("surfaces")
    void every_surface_calls_its_provider_with_the_token_that_was_fetched(Surface surface) {
        try (TestGateway gateway = TestGateway.with(config(SECRET))) {
            HttpResponse<String> first = gateway.post(surface.path(), surface.json());
            HttpResponse<String> second = gateway.post(surface.path(), surface.json());

            assertThat(List.of(first.statusCode(), second.statusCode()))
                    .as(first.body())
                    .containsOnly(200);
            assertThat(first.body()).contains(surface.goodAnswer().contains("hey") ? "hey" : "0.5");
            assertThat(heads).hasSize(2);
            assertThat(forms)
                    .containsExactly("grant_type=client_credentials&scope=api%3A%2F%2Fmodels%2F.default"
                            + "&client_id=gateway&client_secret=" + SECRET);
        }
    }

    @Test
    void calls_that_come_at_once_over_every_surface_wait_for_one_token() {
        List<Surface> all = Surface.all().toList();

        try (TestGateway gateway = TestGateway.with(config(SECRET))) {
            List<CompletableFuture<HttpResponse<String>>> calls = IntStream.range(0, 300)
                    .mapToObj(i -> all.get(i % all.size()))
                    .map(surface -> gateway.postAsync(surface.path(), surface.json()))
                    .toList();

            assertThat(calls)
                    .allSatisfy(call -> assertThat(call.join().statusCode())
                            .as(call.join().body())
                            .isEqualTo(200));
            assertThat(forms).hasSize(1);
        }
    }

    @ParameterizedTest
    @MethodSource("surfaces")
    void a_token_that_was_revoked_is_replaced_without_the_caller_seeing_it(Surface surface) {
        try (TestGateway gateway = TestGateway.with(config(SECRET))) {
            gateway.post(surface.path(), surface.json());
            tokens.set(1_000);

            HttpResponse<String> answer = gateway.post(surface.path(), surface.json());

            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(forms).hasSize(2);
            assertThat(heads).hasSize(3);
        }
    }

    @ParameterizedTest
    @MethodSource("surfaces")
    void a_caller_is_told_that_there_is_no_credential_and_nothing_of_it(Surface surface) {
        try (QuietLog log = new QuietLog();
                TestGateway gateway = TestGateway.with(config("expired-secret"))) {
            HttpResponse<String> answer = gateway.post(surface.path(), surface.json());

            assertThat(answer.statusCode()).isEqualTo(502);
            assertThat(surface.openAi() ? answer.body().contains("credential_unavailable") : true)
                    .isTrue();
            assertThat(Surface.isFailure(answer.body(), surface.openAi())).isTrue();
            assertThat(answer.body())
                    .contains("the target's credential could not be fetched: status 401 invalid_client")
                    .doesNotContain("expired-secret")
                    .doesNotContain("127.0.0.1");
            assertThat(heads).isEmpty();
            assertThat(log.lines())
                    .anySatisfy(line -> assertThat(line.getFormattedMessage())
                            .contains("the token of gateway at " + loginUrl())
                            .contains("(***)"))
                    .noneMatch(line -> line.getFormattedMessage().contains("expired-secret"));
        }
    }

    @Test
    void the_next_target_answers_where_the_credential_of_the_first_is_not_to_be_had() {
        String yaml = credentials("expired-secret") + """
                  - {name: key, type: static, value: token-0}
                endpoints:
                  - name: chat
                    endpoint_type: llm/v1/chat
                    targets:
                      - {name: first, model: {provider: openai, name: m, credential: login, config: {openai_api_base: '%s'}}}
                      - {name: second, weight: 0, model: {provider: openai, name: m, credential: key, config: {openai_api_base: '%s'}}}
                    routing: {fallback: true}
                """.formatted(provider.base(), provider.base());

        try (TestGateway gateway = TestGateway.with(yaml)) {
            HttpResponse<String> answer = gateway.post("/endpoints/chat/invocations", CHAT);

            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(forms).hasSize(1);
            assertThat(heads).hasSize(1);
        }
    }

    @Test
    void a_reload_keeps_the_token_and_a_rotated_secret_brings_another_one() {
        try (TestGateway gateway = TestGateway.with(config(SECRET))) {
            gateway.post("/endpoints/chat/invocations", CHAT);

            gateway.reload(config(SECRET) + "# another version\n");
            int kept = gateway.post("/endpoints/chat/invocations", CHAT).statusCode();
            int connections = login.connections();
            gateway.reload(config("rotated-secret"));
            int rotated = gateway.post("/endpoints/chat/invocations", CHAT).statusCode();

            assertThat(List.of(kept, rotated)).containsOnly(200);
            assertThat(connections).isEqualTo(1);
            assertThat(login.connections()).isEqualTo(1);
            assertThat(forms).hasSize(2).last().asString().endsWith("client_secret=rotated-secret");
        }
    }

    @Test
    void a_service_account_signs_for_its_token(@TempDir Path folder) throws Exception {
        String account = ServiceAccountKey.create().file(loginUrl()).toString();
        Path file = Files.writeString(folder.resolve("account.json"), account);
        String yaml = config(SECRET)
                .replaceFirst(
                        "(?s)type: oauth.*?/.default\n",
                        "type: google-service-account\n    key_file: '" + file + "'\n");

        try (TestGateway gateway = TestGateway.with(yaml)) {
            HttpResponse<String> answer = gateway.post("/endpoints/chat/invocations", CHAT);

            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(forms)
                    .singleElement()
                    .asString()
                    .startsWith("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=eyJ");
        }
    }
}
