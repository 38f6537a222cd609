package io.mlflowgateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.reliability.Figures;
import io.mlflowgateway.server.reliability.Proves;
import io.mlflowgateway.server.reliability.Row;
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

/** What the first of two targets does wrong, on every surface, whole and streamed, and who then answers. */
class FallbackIT {
    private static final String FALLBACK = "{fallback: true}";

    /** Of the longest list of them below. */
    private static final int FAULTS = 16;

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
            case "silence" -> exchange.awaitGone();
            case "reset" -> {
                exchange.reset();
                throw new IOException("reset");
            }
            case "half an answer" -> {
                exchange.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{\"a\":");
                throw new IOException("cut");
            }
            case "nonsense" -> exchange.json("{\"no\":\"answer\"}");
            case "no HTTP" -> exchange.send("yes?\r\n\r\n").awaitGone();
            case "an error with status 200" -> exchange.json("{\"error\":{\"message\":\"busy\",\"code\":503}}");
            case "503 in HTML" -> refuse(exchange, 503, "text/html", "<html>busy</html>");
            case "an event that is an error" ->
                exchange.beginStream().part("data: {\"error\":{\"message\":\"overloaded\"}}\n\n");
            case "a stream that ends at once" -> exchange.beginStream().send("0\r\n\r\n");
            case "a stream that is cut at once" -> {
                exchange.beginStream();
                throw new IOException("cut");
            }
            case "a stream of nonsense" -> exchange.beginStream().part("data: {not json\n\n");
            case "a silent stream" -> exchange.beginStream().awaitGone();
            case "a stream that is cut" -> {
                exchange.beginStream().say("one");
                throw new IOException("cut");
            }
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
                "401",
                "402",
                "403",
                "404",
                "408",
                "429",
                "500",
                "502",
                "503",
                "529",
                "503 in HTML",
                "reset",
                "half an answer",
                "nonsense",
                "no HTTP",
                "an error with status 200"
            })
    @Proves(Row.TARGET_FAILS)
    void target_fails_before_an_answer_and_the_next_one_gives_it(String what) {
        fault = what;

        surfaces().forEach(this::answeredBySecond);

        int calls = (int) surfaces().count();
        assertThat(second.requests()).isEqualTo(calls);
        Figures.seen(
                Row.TARGET_FAILS,
                "target_fails_before_an_answer_and_the_next_one_gives_it",
                FAULTS + " faults on " + calls + " surfaces: 200 each time, with 2 attempts");
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
    void the_second_target_answers_what_the_first_one_is_silent_about() {
        fault = "silence";
        restart(Map.of("first-byte-timeout", "1s"));

        var answers = surfaces().map(this::posted).toList();

        answers.forEach(answer -> good(answer.surface(), answer.later().join()));
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
    @ValueSource(ints = {400, 409, 413, 415, 422, 501})
    void what_the_caller_did_wrong_is_told_the_caller(int status) {
        fault = String.valueOf(status);

        surfaces().forEach(surface -> toldByFirst(surface, status));

        assertThat(second.requests()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 404, 429, 503})
    void without_fallback_the_first_refusal_stands(int status) {
        fault = String.valueOf(status);
        gateway.close();
        gateway = TestGateway.with(Surface.config(List.of(first.base()), "{fallback: false}"));

        surfaces().forEach(surface -> toldByFirst(surface, status));

        assertThat(first.requests()).isEqualTo((int) surfaces().count());
    }

    private void toldByFirst(Surface surface, int status) {
        HttpResponse<String> answer = gateway.post(surface.path(), surface.json());

        assertThat(answer.statusCode()).as("%s: %s", surface, answer.body()).isEqualTo(status);
        assertThat(header(answer, "x-gateway-error-source")).isEqualTo("upstream");
        assertThat(header(answer, "x-gateway-target")).isEqualTo("first");
        assertThat(header(answer, "x-gateway-attempts")).isEqualTo("1");
        assertThat(surface.isFailure(answer.body())).isTrue();
    }

    @ParameterizedTest
    @MethodSource("streams")
    @Proves(Row.TARGET_FAILS)
    void target_fails_after_its_first_piece_and_nobody_else_is_asked(Surface surface) {
        fault = "a stream that is cut";

        HttpResponse<String> answer = gateway.post(surface.path(), surface.json());

        List<String> events = TestGateway.events(answer);
        if (surface.task().name().equals("CHAT")) {
            assertThat(events).hasSize(2);
            assertThat(events.get(0)).contains("\"one\"");
        }
        assertThat(events).last().asString().startsWith("{\"error\":{");
        assertThat(answer.body()).doesNotContain("[DONE]");
        assertThat(second.requests()).isZero();
        Figures.seen(
                Row.TARGET_FAILS,
                "target_fails_after_its_first_piece_and_nobody_else_is_asked",
                "an error event and no [DONE] on each surface; 0 calls to the second target");
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
