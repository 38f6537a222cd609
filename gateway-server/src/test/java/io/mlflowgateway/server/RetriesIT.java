package io.mlflowgateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.reliability.Figures;
import io.mlflowgateway.server.reliability.Proves;
import io.mlflowgateway.server.reliability.Row;
import io.mlflowgateway.server.testing.DeafUpstream;
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
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How often upstreams are asked, and when: exactly as configured, on every surface. */
class RetriesIT {
    private static final String TWICE_MORE = "{retries: {attempts: 2, backoff: 10ms, max-backoff: 2s, budget: 200}}";
    /** What a busy machine adds. */
    private static final Duration LATE = Duration.ofMillis(2_500);

    private final Queue<Long> asked = new ConcurrentLinkedQueue<>();
    private ScriptedUpstream upstream = new ScriptedUpstream(exchange -> exchange.chat("unused"));
    private TestGateway gateway = TestGateway.with("endpoints: []");

    static Stream<Surface> surfaces() {
        return Surface.all();
    }

    private void start(ScriptedUpstream.Script script, String routing, Map<String, String> settings) {
        upstream.close();
        upstream = new ScriptedUpstream(exchange -> {
            asked.add(System.nanoTime());
            script.answer(exchange);
        });
        restart(Surface.config(List.of(upstream.base()), routing), settings);
    }

    private void restart(String config, Map<String, String> settings) {
        gateway.close();
        gateway = TestGateway.with(config, settings);
    }

    @AfterEach
    void stop() {
        gateway.close();
        upstream.close();
    }

    private static void refuse(ScriptedUpstream.Exchange exchange, int status, String headers) throws IOException {
        String body = "{\"error\":{\"message\":\"no\"}}";
        exchange.send("HTTP/1.1 " + status + " No\r\nContent-Type: application/json\r\n" + headers + "Content-Length: "
                + body.length() + "\r\n\r\n" + body);
    }

    private static String header(HttpResponse<String> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    private HttpResponse<String> chat() {
        return gateway.post("/endpoints/chat/invocations", "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 500, 503, 529})
    @Proves(Row.RETRIES)
    void retries_are_exactly_as_many_as_configured(int status) {
        start(exchange -> refuse(exchange, status, ""), TWICE_MORE, Map.of());

        surfaces().forEach(surface -> {
            HttpResponse<String> answer = gateway.post(surface.path(), surface.json());

            assertThat(answer.statusCode()).as("%s: %s", surface, answer.body()).isEqualTo(status);
            assertThat(header(answer, "x-gateway-attempts")).isEqualTo("3");
        });

        assertThat(upstream.requests()).isEqualTo(3 * (int) surfaces().count());
        Figures.seen(
                Row.RETRIES,
                "retries_are_exactly_as_many_as_configured",
                "2 retries: " + upstream.requests() + " attempts of "
                        + surfaces().count() + " calls, one on each surface");
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 500, 503})
    @Proves(Row.RETRIES)
    void retries_are_none_where_nothing_is_said(int status) {
        upstream.close();
        upstream = new ScriptedUpstream(exchange -> refuse(exchange, status, "Retry-After: 0\r\n"));
        restart(Surface.config(upstream.base(), "k", ""), Map.of());

        surfaces().forEach(surface -> {
            HttpResponse<String> answer = gateway.post(surface.path(), surface.json());
            assertThat(header(answer, "x-gateway-attempts")).as(answer.body()).isEqualTo("1");
        });

        assertThat(upstream.requests()).isEqualTo((int) surfaces().count());
        Figures.seen(
                Row.RETRIES,
                "retries_are_none_where_nothing_is_said",
                upstream.requests() + " attempts of " + surfaces().count() + " calls, one on each surface");
    }

    @Test
    @Proves(Row.RETRIES)
    void retries_keep_to_their_budget() {
        start(exchange -> refuse(exchange, 503, ""), "{retries: {attempts: 3, backoff: 1ms, budget: 20}}", Map.of());

        Stream.generate(this::chat)
                .limit(200)
                .forEach(answer -> assertThat(answer.statusCode()).isEqualTo(503));

        assertThat(upstream.requests()).isBetween(200 + 10, 200 + 40);
        Figures.seen(
                Row.RETRIES,
                "retries_keep_to_their_budget",
                "budget 20 %, target down: " + upstream.requests() + " attempts of 200 calls");
    }

    @Test
    void a_plain_split_asks_once_each_target_in_its_turn() {
        upstream.close();
        upstream = new ScriptedUpstream(exchange -> refuse(exchange, 429, "Retry-After: 60\r\n"));
        restart("""
                endpoints:
                  - name: a
                    endpoint_type: llm/v1/chat
                    model: {provider: openai, name: a, config: {openai_api_key: k, openai_api_base: '%1$s'}}
                  - name: b
                    endpoint_type: llm/v1/chat
                    model: {provider: openai, name: b, config: {openai_api_key: k, openai_api_base: '%1$s'}}
                routes:
                  - name: chat
                    task_type: llm/v1/chat
                    destinations: [{name: a, traffic_percentage: 50}, {name: b, traffic_percentage: 50}]
                """.formatted(upstream.base()), Map.of());

        List<String> targets = Stream.generate(this::chat)
                .limit(6)
                .map(answer -> header(answer, "x-gateway-target"))
                .toList();

        assertThat(targets).containsExactly("a", "b", "a", "b", "a", "b");
        assertThat(upstream.requests()).isEqualTo(6);
    }

    @Test
    @Proves(Row.RETRIES)
    void retries_wait_for_the_time_a_target_named() {
        start(
                exchange -> {
                    if (asked.size() == 1) {
                        refuse(exchange, 429, "Retry-After: 1\r\n");
                    } else {
                        exchange.chat("at last");
                    }
                },
                TWICE_MORE,
                Map.of());

        HttpResponse<String> answer = chat();

        assertThat(answer.body()).contains("at last");
        List<Long> times = List.copyOf(asked);
        assertThat(times).hasSize(2);
        assertThat(Duration.ofNanos(times.get(1) - times.get(0)))
                .isBetween(Duration.ofMillis(990), Duration.ofSeconds(1).plus(LATE));
        Figures.seen(
                Row.RETRIES,
                "retries_wait_for_the_time_a_target_named",
                "Retry-After: 1: asked again after " + (times.get(1) - times.get(0)) / 1_000_000 + " ms");
    }

    @Test
    void a_time_that_is_too_long_to_wait_is_told_the_caller() {
        start(exchange -> refuse(exchange, 429, "Retry-After: 30\r\n"), TWICE_MORE, Map.of());

        HttpResponse<String> answer = chat();

        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(header(answer, "retry-after")).isEqualTo("30");
        assertThat(upstream.requests()).isEqualTo(1);
    }

    @Test
    @Proves(Row.RETRIES)
    void retries_stay_within_the_time_of_the_call() {
        start(
                exchange -> refuse(exchange, 503, ""),
                "{retries: {attempts: 10, backoff: 300ms, max-backoff: 300ms, budget: 1000}}",
                Map.of("total-timeout", "1s"));
        long start = System.nanoTime();

        HttpResponse<String> answer = chat();

        Duration took = Duration.ofNanos(System.nanoTime() - start);
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(took).isLessThan(Duration.ofSeconds(1).plus(LATE));
        assertThat(upstream.requests()).isBetween(2, 7);
        Figures.seen(
                Row.RETRIES,
                "retries_stay_within_the_time_of_the_call",
                "total time 1 s, waits of up to 300 ms: 503 after " + took.toMillis() + " ms and " + upstream.requests()
                        + " attempts");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",\"stream\":true"})
    void one_deadline_holds_for_all_attempts_together(String stream) {
        try (ScriptedUpstream other = new ScriptedUpstream(ScriptedUpstream.Exchange::awaitGone);
                ScriptedUpstream third = new ScriptedUpstream(ScriptedUpstream.Exchange::awaitGone)) {
            upstream.close();
            upstream = new ScriptedUpstream(ScriptedUpstream.Exchange::awaitGone);
            restart(
                    Surface.config(List.of(upstream.base(), other.base(), third.base()), "{fallback: true}"),
                    Map.of("first-byte-timeout", "700ms", "total-timeout", "1s"));
            long start = System.nanoTime();

            HttpResponse<String> answer = gateway.post(
                    "/v1/chat/completions",
                    "{\"model\":\"chat\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]" + stream + "}");

            Duration took = Duration.ofNanos(System.nanoTime() - start);
            assertThat(answer.statusCode()).isEqualTo(504);
            assertThat(took)
                    .isBetween(Duration.ofMillis(990), Duration.ofSeconds(1).plus(LATE));
            assertThat(third.requests()).isZero();
            Eventually.within(Duration.ofSeconds(1), "the second is let go", () -> other.openConnections() == 0);
        }
    }

    @Test
    void where_nothing_listens_is_asked_again() {
        start(exchange -> exchange.chat("unused"), TWICE_MORE, Map.of());
        upstream.close();

        HttpResponse<String> answer = chat();

        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(header(answer, "x-gateway-attempts")).isEqualTo("3");
    }

    @Test
    void a_connection_that_does_not_come_about_is_tried_again_and_silence_is_not() {
        try (DeafUpstream deaf = new DeafUpstream()) {
            restart(
                    Surface.config(List.of(deaf.base()), "{retries: {attempts: 1, backoff: 1ms}}"),
                    Map.of("connect-timeout", "300ms"));
            HttpResponse<String> notConnected = chat();

            start(ScriptedUpstream.Exchange::awaitGone, TWICE_MORE, Map.of("first-byte-timeout", "300ms"));
            HttpResponse<String> silent = chat();

            assertThat(notConnected.statusCode()).isEqualTo(504);
            assertThat(header(notConnected, "x-gateway-attempts")).isEqualTo("2");
            assertThat(silent.statusCode()).isEqualTo(504);
            assertThat(header(silent, "x-gateway-attempts")).isEqualTo("1");
        }
    }

    @Test
    void a_caller_that_leaves_while_its_call_waits_is_not_asked_for_again() throws InterruptedException {
        CountDownLatch second = new CountDownLatch(2);
        start(
                exchange -> {
                    refuse(exchange, 503, "");
                    second.countDown();
                },
                "{retries: {attempts: 1, backoff: 1s}}",
                Map.of());

        try (RawConnection caller = new RawConnection(gateway.port())
                .post("/endpoints/chat/invocations", "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}")) {
            Eventually.within(Duration.ofSeconds(10), "it was refused", () -> second.getCount() == 1);
        }

        assertThat(second.await(1_500, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(upstream.requests()).isEqualTo(1);
    }

    @Test
    void a_route_whose_only_target_is_left_alone_says_for_how_long() {
        start(exchange -> refuse(exchange, 500, ""), "{breaker: {failures: 2, cooldown: 20s}}", Map.of());
        chat();
        chat();

        HttpResponse<String> refused = chat();

        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(Integer.parseInt(header(refused, "retry-after"))).isBetween(10, 20);
        assertThat(header(refused, "x-gateway-error-source")).isEqualTo("gateway");
        assertThat(header(refused, "x-gateway-attempts")).isEmpty();
        assertThat(upstream.requests()).isEqualTo(2);
    }

    @Test
    void the_gateways_own_refusals_open_no_circuit() {
        start(exchange -> exchange.chat("good"), "{breaker: {failures: 1, cooldown: 20s}}", Map.of());

        HttpResponse<String> refused =
                gateway.post("/endpoints/chat/invocations", "{\"messages\":[],\"temperature\":9}");
        HttpResponse<String> good = chat();

        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(good.statusCode()).isEqualTo(200);
    }
}
