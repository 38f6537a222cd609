package io.mlflowgateway.server.estimate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.testing.Eventually;
import io.mlflowgateway.server.testing.RawConnection;
import io.mlflowgateway.server.testing.Scrape;
import io.mlflowgateway.server.testing.ScriptedUpstream;
import io.mlflowgateway.server.testing.TestGateway;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tokens that providers do not tell, over real sockets. */
class EstimatesIT {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String ASK =
            "{\"model\":\"r\",\"messages\":[{\"role\":\"user\",\"content\":\"hello world\"}]%s}";
    private static final String UNCOUNTED =
            "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\","
                    + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"hello hello hello world\"},"
                    + "\"finish_reason\":\"stop\"}]}";

    private static TestGateway gateway(String type, String model) {
        return TestGateway.with(
                "prices: {m: {input: 100, output: 1000}}\nendpoints:\n  - {name: r, endpoint_type: llm/v1/" + type
                        + ", model: " + model + "}\n");
    }

    private static String openAi(ScriptedUpstream upstream) {
        return "{provider: openai, name: m, config: {openai_api_key: k, openai_api_base: '%s'}}"
                .formatted(upstream.base());
    }

    private static JsonNode json(String text) {
        try {
            return Json.tree(text.getBytes(StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    private static String header(HttpResponse<String> answer, String name) {
        return answer.headers().firstValue(name).orElse("none");
    }

    private static double tokens(TestGateway gateway, String name, String direction) {
        return Scrape.of(gateway.port()).sum(name, "direction=\"" + direction + "\"");
    }

    @Test
    void an_answer_without_usage_tells_a_guess_that_is_said_to_be_one() {
        try (ScriptedUpstream upstream = new ScriptedUpstream(exchange -> exchange.json(UNCOUNTED));
                TestGateway gateway = gateway("chat", openAi(upstream))) {

            HttpResponse<String> answer = gateway.post("/v1/chat/completions", ASK.formatted(""));

            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(json(answer.body()).path("usage"))
                    .isEqualTo(json("{\"prompt_tokens\":3,\"completion_tokens\":5,\"total_tokens\":8}"));
            assertThat(header(answer, "x-gateway-usage")).isEqualTo("estimated");
            assertThat(header(answer, "x-gateway-cost-usd")).isEqualTo("0.0053");
            Eventually.within(
                    SOON, "it is counted", () -> tokens(gateway, "gateway_estimated_tokens_total", "completion") == 5);
            assertThat(tokens(gateway, "gateway_tokens_total", "prompt")).isEqualTo(3);
        }
    }

    @Test
    void an_answer_whose_tokens_were_counted_is_handed_on_as_it_came() {
        String counted = UNCOUNTED.substring(0, UNCOUNTED.length() - 1)
                + ",\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2,\"total_tokens\":3}}";
        try (ScriptedUpstream upstream = new ScriptedUpstream(exchange -> exchange.json(counted));
                TestGateway gateway = gateway("chat", openAi(upstream))) {

            HttpResponse<String> answer = gateway.post("/v1/chat/completions", ASK.formatted(""));

            assertThat(answer.body()).isEqualTo(counted);
            assertThat(header(answer, "x-gateway-usage")).isEqualTo("none");
            Eventually.within(SOON, "it is counted", () -> tokens(gateway, "gateway_tokens_total", "prompt") == 1);
            assertThat(Scrape.of(gateway.port()).samples("gateway_estimated_tokens_total"))
                    .isEmpty();
        }
    }

    @Test
    void texts_that_google_counts_no_tokens_of_cost_something() {
        try (ScriptedUpstream upstream =
                        new ScriptedUpstream(exchange -> exchange.json("{\"embedding\":{\"values\":[1,2]}}"));
                TestGateway gateway = gateway(
                        "embeddings",
                        "{provider: gemini, name: m, config: {gemini_api_key: k, gemini_api_base: '%s'}}"
                                .formatted(upstream.base()))) {

            HttpResponse<String> answer =
                    gateway.post("/v1/embeddings", "{\"model\":\"r\",\"input\":\"hello world hello world\"}");

            assertThat(json(answer.body()).at("/usage/prompt_tokens").asInt()).isEqualTo(5);
            assertThat(header(answer, "x-gateway-usage")).isEqualTo("estimated");
            assertThat(header(answer, "x-gateway-cost-usd")).isEqualTo("0.0005");
        }
    }

    @Test
    void a_stream_without_a_count_ends_with_a_guess_where_the_caller_asked_for_one() {
        try (ScriptedUpstream upstream = new ScriptedUpstream(exchange -> exchange.beginStream()
                        .say("hello hello ")
                        .say("hello world")
                        .endStream());
                TestGateway gateway = gateway("chat", openAi(upstream))) {
            String asked = ",\"stream\":true,\"stream_options\":{\"include_usage\":true}";

            List<String> shown = TestGateway.events(gateway.post("/v1/chat/completions", ASK.formatted(asked)));
            List<String> hidden =
                    TestGateway.events(gateway.post("/v1/chat/completions", ASK.formatted(",\"stream\":true")));

            JsonNode last = json(shown.get(shown.size() - 2));
            assertThat(last.path("choices")).isEmpty();
            assertThat(last.at("/usage/completion_tokens").asInt()).isEqualTo(6);
            assertThat(last.at("/usage/cost").isNumber()).isTrue();
            assertThat(String.join("", hidden)).doesNotContain("usage");
            assertThat(shown).hasSize(hidden.size() + 1);
        }
    }

    @Test
    void a_stream_whose_provider_told_no_tokens_has_one_count_and_that_is_the_guess() {
        String chunk =
                "data: {\"candidates\":[{\"index\":0,\"content\":{\"parts\":[{\"text\":\"hello\"}]},\"finishReason\":\"STOP\"}]}\n\n";
        try (ScriptedUpstream upstream = new ScriptedUpstream(
                        exchange -> exchange.beginStream().part(chunk).send("0\r\n\r\n"));
                TestGateway gateway = gateway(
                        "chat",
                        "{provider: gemini, name: m, config: {gemini_api_key: k, gemini_api_base: '%s'}}"
                                .formatted(upstream.base()))) {
            String asked = ",\"stream\":true,\"stream_options\":{\"include_usage\":true}";

            List<String> shown = TestGateway.events(gateway.post("/v1/chat/completions", ASK.formatted(asked)));

            List<String> counts = shown.stream()
                    .filter(event -> event.contains("prompt_tokens"))
                    .toList();
            assertThat(counts).hasSize(1);
            assertThat(json(counts.get(0)).at("/usage/completion_tokens").asInt())
                    .isPositive();
        }
    }

    @Test
    void a_caller_who_leaves_a_stream_of_anthropics_has_read_what_was_told_and_gets_what_went_out() {
        try (ScriptedUpstream upstream = new ScriptedUpstream(exchange -> {
                    exchange.beginStream();
                    exchange.part(
                            "data: {\"type\":\"message_start\",\"message\":{\"id\":\"a\",\"model\":\"m\",\"usage\":"
                                    + "{\"input_tokens\":1000,\"output_tokens\":1}}}\n\n");
                    exchange.part(
                            "data: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\","
                                    + "\"text\":\"\"}}\n\n");
                    exchange.part(
                            "data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\","
                                    + "\"text\":\"" + "word ".repeat(80) + "\"}}\n\n");
                    exchange.awaitGone();
                });
                TestGateway gateway = gateway(
                        "chat",
                        "{provider: anthropic, name: m, config: {anthropic_api_key: k, anthropic_api_base: '%s'}}"
                                .formatted(upstream.base()))) {

            try (RawConnection caller = new RawConnection(gateway.port())) {
                caller.post("/v1/chat/completions", ASK.formatted(",\"stream\":true"));
                assertThat(caller.readUntil("word \"")).contains("word word");
            }

            Eventually.within(SOON, "it is counted", () -> tokens(gateway, "gateway_tokens_total", "prompt") == 1000);
            assertThat(tokens(gateway, "gateway_tokens_total", "completion")).isEqualTo(100);
            assertThat(tokens(gateway, "gateway_estimated_tokens_total", "completion"))
                    .isEqualTo(100);
            // 1000 tokens at 100 dollars for a million, 100 at 1000.
            assertThat(Scrape.of(gateway.port()).sum("gateway_cost_usd_total", "route=\"r\""))
                    .isEqualTo(0.2);
        }
    }

    @Test
    void a_caller_who_leaves_a_stream_of_googles_has_used_what_was_counted_with_the_last_chunk() {
        String chunk =
                "data: {\"candidates\":[{\"index\":0,\"content\":{\"parts\":[{\"text\":\"hi\"}]}}],\"usageMetadata\":"
                        + "{\"promptTokenCount\":%d,\"candidatesTokenCount\":%d,\"thoughtsTokenCount\":500}}\n\n";
        try (ScriptedUpstream upstream = new ScriptedUpstream(exchange -> {
                    exchange.beginStream();
                    exchange.part(chunk.formatted(40, 3)).part(chunk.formatted(40, 9));
                    exchange.awaitGone();
                });
                TestGateway gateway = gateway(
                        "chat",
                        "{provider: gemini, name: m, config: {gemini_api_key: k, gemini_api_base: '%s'}}"
                                .formatted(upstream.base()))) {

            try (RawConnection caller = new RawConnection(gateway.port())) {
                caller.post("/v1/chat/completions", ASK.formatted(",\"stream\":true"));
                caller.readUntil("hi\"");
                caller.readUntil("hi\"");
            }

            Eventually.within(SOON, "it is counted", () -> tokens(gateway, "gateway_tokens_total", "prompt") == 40);
            assertThat(tokens(gateway, "gateway_estimated_tokens_total", "completion"))
                    .isEqualTo(509);
        }
    }
}
