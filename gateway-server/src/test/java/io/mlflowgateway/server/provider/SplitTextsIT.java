package io.mlflowgateway.server.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mlflowgateway.server.testing.Eventually;
import io.mlflowgateway.server.testing.RawConnection;
import io.mlflowgateway.server.testing.Scrape;
import io.mlflowgateway.server.testing.ScriptedUpstream;
import io.mlflowgateway.server.testing.TestGateway;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** More texts than a provider takes in one call, over real sockets: one call of the caller's, several to the provider. */
class SplitTextsIT {
    private static final Duration SOON = Duration.ofSeconds(10);

    private enum Wire {
        COHERE("embed-v4", ""),
        GEMINI("gemini-embedding-001", "/v1beta");

        private final String model;
        private final String base;

        Wire(String model, String base) {
            this.model = model;
            this.base = base;
        }

        private String target(ScriptedUpstream upstream) {
            String name = name().toLowerCase(Locale.ROOT);
            String root = upstream.base().replaceAll("/v1$", "");
            return "{provider: %s, name: %s, config: {%s_api_key: key-1234567, %s_api_base: '%s'}}"
                    .formatted(name, model, name, name, root + base);
        }

        /** The numbers of the texts {@code t0}, {@code t1} and so on of a request. */
        private List<String> asked(String body) {
            JsonNode request = ProviderContract.json(body);
            return this == COHERE
                    ? StreamSupport.stream(request.path("texts").spliterator(), false)
                            .map(text -> text.asText().substring(1))
                            .toList()
                    : request.path("requests").findValuesAsText("text").stream()
                            .map(text -> text.substring(1))
                            .toList();
        }

        /** Each text's vector is its number, in quarters; Cohere counts two tokens for each. */
        private String answer(List<String> numbers) {
            String vectors = numbers.stream()
                    .map(number -> this == COHERE ? "[" + number + ".25]" : "{\"values\":[" + number + ".25]}")
                    .collect(Collectors.joining(","));
            return this == COHERE
                    ? "{\"id\":\"e\",\"embeddings\":{\"float\":[" + vectors + "]},\"meta\":{\"billed_units\":"
                            + "{\"input_tokens\":" + 2 * numbers.size() + "}}}"
                    : "{\"embeddings\":[" + vectors + "]}";
        }
    }

    private final Queue<Integer> calls = new ConcurrentLinkedQueue<>();

    private ScriptedUpstream answering(Wire wire) {
        return new ScriptedUpstream(exchange -> {
            List<String> numbers = wire.asked(exchange.body());
            calls.add(numbers.size());
            exchange.json(wire.answer(numbers));
        });
    }

    private static TestGateway gateway(String target) {
        return TestGateway.with("prices: {embed-v4: {input: 100, output: 0}}\n"
                + "endpoints:\n  - {name: texts, endpoint_type: llm/v1/embeddings, model: " + target + "}\n");
    }

    private static String query(int texts, String more) {
        return "{\"model\":\"texts\",\"input\":["
                + IntStream.range(0, texts).mapToObj(i -> "\"t" + i + '"').collect(Collectors.joining(","))
                + "]" + more + "}";
    }

    private static float number(JsonNode embedding) {
        return embedding.isArray()
                ? embedding.path(0).floatValue()
                : ByteBuffer.wrap(Base64.getDecoder().decode(embedding.asText()))
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .getFloat();
    }

    @ParameterizedTest
    @CsvSource({
        "COHERE, 96, 1, ''",
        "COHERE, 200, 3, ''",
        "COHERE, 200, 3, ',\"encoding_format\":\"base64\"'",
        "COHERE, 2048, 22, ''",
        "GEMINI, 100, 1, ''",
        "GEMINI, 250, 3, ''",
        "GEMINI, 250, 3, ',\"encoding_format\":\"base64\"'"
    })
    void many_texts_are_one_answer_in_their_order(Wire wire, int texts, int expectedCalls, String more) {
        try (ScriptedUpstream upstream = answering(wire);
                TestGateway gateway = gateway(wire.target(upstream))) {

            HttpResponse<String> answer = gateway.post("/v1/embeddings", query(texts, more));

            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(calls).hasSize(expectedCalls);
            JsonNode data = ProviderContract.json(answer.body()).path("data");
            assertThat(data).hasSize(texts);
            for (int i = 0; i < texts; i++) {
                assertThat(data.path(i).path("index").asInt()).isEqualTo(i);
                assertThat(data.path(i).path("embedding").isTextual()).isEqualTo(!more.isEmpty());
                assertThat(number(data.path(i).path("embedding"))).isEqualTo(i + 0.25f);
            }
        }
    }

    @Test
    void tokens_and_cost_are_those_of_all_calls_and_counted_once() {
        try (ScriptedUpstream upstream = answering(Wire.COHERE);
                TestGateway gateway = gateway(Wire.COHERE.target(upstream))) {

            HttpResponse<String> answer = gateway.post("/v1/embeddings", query(200, ""));

            assertThat(ProviderContract.json(answer.body())
                            .at("/usage/prompt_tokens")
                            .asInt())
                    .isEqualTo(400);
            // 400 tokens at 100 dollars for a million.
            assertThat(answer.headers().firstValue("x-gateway-cost-usd")).contains("0.04");
            assertThat(answer.headers().firstValue("x-gateway-attempts")).contains("1");
            Eventually.within(SOON, "counted once", () -> {
                Scrape scrape = Scrape.of(gateway.port());
                return scrape.sum("gateway_tokens_total", "direction=\"prompt\"") == 400
                        && scrape.sum("gateway_upstream_attempts_total", "route=\"texts\"") == 1
                        && Math.abs(scrape.sum("gateway_cost_usd_total", "route=\"texts\"") - 0.04) < 1e-9;
            });
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void texts_past_the_bound_are_refused_and_nothing_is_sent(Wire wire) {
        try (ScriptedUpstream upstream = answering(wire);
                TestGateway gateway = gateway(wire.target(upstream))) {

            HttpResponse<String> answer = gateway.post(
                    "/endpoints/texts/invocations", query(2_049, "").replace("\"model\":\"texts\",", ""));

            assertThat(answer.statusCode()).isEqualTo(422);
            assertThat(answer.body()).contains("2048");
            assertThat(upstream.requests()).isZero();
        }
    }

    @Test
    void a_part_that_fails_fails_the_attempt_and_another_target_answers_all_texts() {
        AtomicInteger asked = new AtomicInteger();
        try (ScriptedUpstream failing = new ScriptedUpstream(exchange -> {
                    if (asked.incrementAndGet() == 2) {
                        exchange.send(
                                "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 3600\r\nContent-Length: 0\r\n\r\n");
                    } else {
                        exchange.awaitGone();
                    }
                });
                ScriptedUpstream good = answering(Wire.GEMINI);
                TestGateway gateway =
                        TestGateway.with("""
                        endpoints:
                          - name: texts
                            endpoint_type: llm/v1/embeddings
                            routing: {balance: in-order, fallback: true}
                            targets:
                              - {name: first, model: %s}
                              - {name: second, model: %s}
                        """.formatted(Wire.COHERE.target(failing), Wire.GEMINI.target(good)))) {

            HttpResponse<String> answer = gateway.post("/v1/embeddings", query(250, ""));

            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(answer.headers().firstValue("x-gateway-attempts")).contains("2");
            assertThat(answer.headers().firstValue("x-gateway-target")).contains("second");
            assertThat(ProviderContract.json(answer.body()).path("data")).hasSize(250);
            assertThat(calls).containsExactlyInAnyOrder(100, 100, 50);
            Eventually.within(SOON, "the other parts are given up", () -> failing.openConnections() <= 1);
        }
    }

    @Test
    void a_caller_who_leaves_ends_every_part_that_is_under_way() {
        try (ScriptedUpstream upstream = new ScriptedUpstream(ScriptedUpstream.Exchange::awaitGone);
                TestGateway gateway = gateway(Wire.COHERE.target(upstream))) {

            try (RawConnection caller = new RawConnection(gateway.port())) {
                caller.post("/v1/embeddings", query(960, ""));
                Eventually.within(SOON, "four parts are under way", () -> upstream.requests() == 4);
            }

            Eventually.within(SOON, "all are ended", () -> upstream.openConnections() == 0);
            assertThat(upstream.requests()).isEqualTo(4);
        }
    }
}
