package io.mlflowgateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.testing.Eventually;
import io.mlflowgateway.server.testing.RawConnection;
import io.mlflowgateway.server.testing.ScriptedUpstream;
import io.mlflowgateway.server.testing.Surface;
import io.mlflowgateway.server.testing.TestGateway;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What comes of a first target that fails, on every surface, whole and streamed. The faults that show in whole answers and
 * streams alike are those of {@code RoutedFaultsIT}.
 */
class FallbackIT {
    private static final String FALLBACK = "{fallback: true}";

    private volatile String fault = "";
    private ScriptedUpstream first;
    private ScriptedUpstream second;
    private TestGateway gateway;

    static Stream<Surface> surfaces() {
        return Surface.all();
    }

    static Stream<Surface> streams() {
        return Surface.all().filter(Surface::streams);
    }

    @BeforeEach
    void start() {
        first = new ScriptedUpstream(exchange -> misbehave(exchange, fault));
        second = new ScriptedUpstream(Surface::answerWell);
        gateway = TestGateway.with(Surface.config(List.of(first.base(), second.base()), FALLBACK));
    }

    @AfterEach
    void stop() {
        gateway.close();
        first.close();
        second.close();
    }

    private static void misbehave(ScriptedUpstream.Exchange exchange, String fault) throws IOException {
        switch (fault) {
            case "an error with status 200" -> exchange.json("{\"error\":{\"message\":\"busy\",\"code\":503}}");
            case "an event that is an error" ->
                exchange.beginStream().part("data: {\"error\":{\"message\":\"overloaded\"}}\n\n");
            case "a stream that ends at once" -> exchange.beginStream().send("0\r\n\r\n");
            case "a stream that is cut at once" -> {
                exchange.beginStream();
                throw new IOException("cut");
            }
            case "a stream of nonsense" -> exchange.beginStream().part("data: {not json\n\n");
            case "a silent stream" -> exchange.beginStream().awaitGone();
            default ->
                refuse(exchange, Integer.parseInt(fault), "application/json", "{\"error\":{\"message\":\"no\"}}");
        }
    }

    private static void refuse(ScriptedUpstream.Exchange exchange, int status, String type, String body)
            throws IOException {
        exchange.send("HTTP/1.1 " + status + " No\r\nContent-Type: " + type + "\r\nContent-Length: " + body.length()
                + "\r\n\r\n" + body);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "an event that is an error",
                "a stream that ends at once",
                "a stream that is cut at once",
                "a stream of nonsense"
            })
    void the_second_target_answers_what_the_first_one_fails_to_begin(String what) {
        fault = what;

        streams().forEach(this::answeredBySecond);

        assertThat(second.requests()).isEqualTo((int) streams().count());
    }

    @Test
    void the_second_target_answers_what_the_first_one_refuses_with_200() {
        fault = "an error with status 200";

        surfaces().forEach(this::answeredBySecond);
    }

    private void answeredBySecond(Surface surface) {
        good(surface, gateway.post(surface.path(), surface.json()));
    }

    private static void good(Surface surface, HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as("%s: %s", surface, answer.body()).isEqualTo(200);
        assertThat(answer.body())
                .as("%s", surface)
                .contains(surface.task().name().equals("EMBEDDINGS") ? "0.5" : "hey");
        assertThat(header(answer, "x-gateway-target")).isEqualTo("second");
        assertThat(header(answer, "x-gateway-attempts")).isEqualTo("2");
        if (surface.streams()) {
            assertThat(TestGateway.events(answer)).last().isEqualTo("[DONE]");
        }
    }

    @Test
    void a_stream_that_stands_still_before_its_first_piece_is_begun_anew() {
        fault = "a silent stream";
        restart(Map.of("stream-idle-timeout", "1s"));

        var answers = streams().map(this::posted).toList();

        answers.forEach(answer -> good(answer.surface(), answer.later().join()));
    }

    private record Posted(Surface surface, CompletableFuture<HttpResponse<String>> later) {}

    private Posted posted(Surface surface) {
        return new Posted(surface, gateway.postAsync(surface.path(), surface.json()));
    }

    private void restart(Map<String, String> settings) {
        gateway.close();
        gateway = TestGateway.with(Surface.config(List.of(first.base(), second.base()), FALLBACK), settings);
    }

    @Test
    void the_second_target_answers_where_nothing_listens_at_the_first() {
        first.close();

        surfaces().forEach(this::answeredBySecond);
    }

    @Test
    void an_answer_that_names_no_model_is_said_to_be_of_the_one_that_answered() {
        fault = "503";
        second.close();
        second = new ScriptedUpstream(exchange -> exchange.json("{\"choices\":[{\"text\":\"hey\"}]}"));
        gateway.close();
        gateway = TestGateway.with("""
                routes:
                  - name: old
                    route_type: llm/v1/completions
                    targets:
                      - model: {provider: openai, name: large, config: {openai_api_key: k, openai_api_base: '%s'}}
                      - model: {provider: openai, name: small, config: {openai_api_key: k, openai_api_base: '%s'}}
                    routing: {balance: in-order}
                """.formatted(first.base(), second.base()));

        HttpResponse<String> answer = gateway.post("/gateway/old/invocations", "{\"prompt\":\"hi\"}");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).contains("\"model\":\"small\"");
        assertThat(header(answer, "x-gateway-target")).isEqualTo("openai/small");
        assertThat(header(answer, "x-gateway-served-model")).isEqualTo("small");
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 404, 429, 503})
    void without_fallback_the_first_refusal_stands(int status) {
        fault = String.valueOf(status);
        gateway.close();
        gateway = TestGateway.with(
                Surface.shared(Surface.config(List.of(first.base(), first.base()), "{fallback: false}")));

        surfaces().forEach(surface -> refused(surface, status));

        assertThat(first.requests()).isEqualTo((int) surfaces().count());
    }

    private void refused(Surface surface, int status) {
        HttpResponse<String> answer = gateway.post(surface.path(), surface.json());

        assertThat(answer.statusCode()).as("%s: %s", surface, answer.body()).isEqualTo(status);
        assertThat(header(answer, "x-gateway-attempts")).isEqualTo("1");
    }

    @ParameterizedTest
    @MethodSource("surfaces")
    void when_all_targets_fail_the_last_ones_words_stand(Surface surface) {
        fault = "401";
        second.close();
        second = new ScriptedUpstream(exchange -> exchange.send(
                "HTTP/1.1 429 No\r\nContent-Type: application/json\r\nRetry-After: 9\r\nContent-Length: 30\r\n\r\n"
                        + "{\"error\":{\"message\":\"second\"}}"));
        restart(Map.of());

        HttpResponse<String> answer = gateway.post(surface.path(), surface.json());

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(429);
        assertThat(header(answer, "retry-after")).isEqualTo("9");
        assertThat(answer.body()).contains("second");
        assertThat(header(answer, "x-gateway-attempts")).isEqualTo("2");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void the_second_target_answers_what_the_form_of_the_firsts_provider_has_no_words_for(boolean streams) {
        String base = first.base().replaceAll("/v1$", "");
        gateway.close();
        gateway = TestGateway.with("""
                endpoints:
                  - name: chat
                    endpoint_type: llm/v1/chat
                    routing: {fallback: true}
                    targets:
                      - name: first
                        weight: 1
                        model: {provider: cohere, name: m, config: {cohere_api_key: k, cohere_api_base: '%s'}}
                      - name: second
                        weight: 0
                        model: {provider: openai, name: m, config: {openai_api_key: k, openai_api_base: '%s'}}
                """.formatted(base, second.base()));

        HttpResponse<String> answer = gateway.post(
                "/v1/chat/completions",
                "{\"model\":\"chat\",\"n\":2,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]"
                        + (streams ? ",\"stream\":true}" : "}"));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(header(answer, "x-gateway-target")).isEqualTo("second");
        assertThat(first.requests()).isZero();
        assertThat(second.requests()).isEqualTo(1);
    }

    @Test
    void a_caller_that_leaves_ends_the_attempt_at_the_second_target() {
        fault = "503";
        second.close();
        second = new ScriptedUpstream(ScriptedUpstream.Exchange::awaitGone);
        restart(Map.of());

        surfaces().forEach(this::leaves);
    }

    private void leaves(Surface surface) {
        int before = second.requests();
        try (RawConnection caller = new RawConnection(gateway.port()).post(surface.path(), surface.json())) {
            Eventually.within(Duration.ofSeconds(10), "the second is asked", () -> second.requests() > before);
        }
        Eventually.within(Duration.ofSeconds(1), surface + " let go of it", () -> second.openConnections() == 0);
    }

    private static String header(HttpResponse<String> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }
}
