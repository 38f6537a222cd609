package io.mlflowgateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.testing.Eventually;
import io.mlflowgateway.server.testing.Scrape;
import io.mlflowgateway.server.testing.ScriptedUpstream;
import io.mlflowgateway.server.testing.TestGateway;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a call costs, by its tokens and what the configuration says. What holds on every surface is in the matrix. */
class CostIT {
    private static final String PATH = "/endpoints/chat/invocations";
    private static final String ASK = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    private static final String STREAM = ASK.replace("}]}", "}],\"stream\":true%s}");
    private static final String SHOWN = ",\"stream_options\":{\"include_usage\":true}";
    private static final String DETAILED = "{\"prompt_tokens\":1000,\"completion_tokens\":500,\"total_tokens\":1500,"
            + "\"prompt_tokens_details\":{\"cached_tokens\":400},\"completion_tokens_details\":{\"reasoning_tokens\":100}}";
    private static final String HEADER = "x-gateway-cost-usd";

    private volatile String usage = DETAILED;
    private ScriptedUpstream upstream;
    private TestGateway gateway;

    @BeforeEach
    void start() {
        upstream = new ScriptedUpstream(this::answer);
        gateway = TestGateway.with(config("gpt-4o", ""));
    }

    @AfterEach
    void stop() {
        gateway.close();
        upstream.close();
    }

    private void answer(ScriptedUpstream.Exchange exchange) throws IOException {
        if (exchange.body().contains("\"stream\":true")) {
            exchange.beginStream().say("hey");
            exchange.part("data: {\"choices\":[],\"usage\":" + usage + ",\"id\":\"last\"}\n\n");
            exchange.endStream();
        } else {
            exchange.json("{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"hey\"},"
                    + "\"finish_reason\":\"stop\"}],\"usage\":" + usage + "}");
        }
    }

    private String model(String name) {
        return "{provider: openai, name: %s, config: {openai_api_key: k, openai_api_base: '%s'}}"
                .formatted(name, upstream.base());
    }

    private String config(String model, String top) {
        return top + "endpoints:\n  - {name: chat, endpoint_type: llm/v1/chat, model: " + model(model) + "}\n";
    }

    private static String cost(HttpResponse<String> answer) {
        return answer.headers().firstValue(HEADER).orElse("none");
    }

    @Test
    void a_model_of_the_table_costs_what_stands_there_cached_tokens_less() {
        HttpResponse<String> answer = gateway.post(PATH, ASK);

        // 600 at 2.50, 400 at 1.25, 500 at 10 dollars for a million.
        assertThat(cost(answer)).isEqualTo("0.007");
        assertThat(answer.body()).contains(DETAILED);
    }

    @Test
    void each_class_of_tokens_has_its_price_from_the_next_reload_on() {
        gateway.reload(
                config("gpt-4o", "prices: {openai/gpt-4o: {input: 1, output: 10, cache_read: 0.1, reasoning: 100}}\n"));

        assertThat(cost(gateway.post(PATH, ASK))).isEqualTo("0.01464");
    }

    @Test
    void an_answer_nobody_counted_the_tokens_of_costs_what_a_guess_does_and_says_so() {
        usage = "null";

        HttpResponse<String> answer = gateway.post(PATH, ASK);

        // 2 at 2.50, 2 at 10 dollars for a million.
        assertThat(cost(answer)).isEqualTo("0.000025");
        assertThat(answer.headers().firstValue("x-gateway-usage")).contains("estimated");
    }

    @Test
    void a_model_that_is_free_costs_nothing_and_says_so() {
        gateway.reload(config("mine", "prices: {mine: {input: 0, output: 0}}\n"));

        assertThat(cost(gateway.post(PATH, ASK))).isEqualTo("0");
    }

    @Test
    void a_stand_in_price_is_told_and_counted_as_one() {
        gateway.reload(config("mine", "unknown_price: default\ndefault_price: {input: 1, output: 1}\n"));

        assertThat(cost(gateway.post(PATH, ASK))).isEqualTo("0.0015");
        Eventually.within(
                Duration.ofSeconds(5),
                "it is counted",
                () -> Scrape.of(gateway.port()).sum("gateway_unknown_price_total", "target=\"openai/mine\"") == 1);
    }

    @Test
    void a_stream_tells_its_cost_where_the_caller_asked_for_its_usage_only() {
        String shown = gateway.post(PATH, STREAM.formatted(SHOWN)).body();
        String hidden = gateway.post(PATH, STREAM.formatted("")).body();

        assertThat(shown)
                .contains(DETAILED.substring(0, DETAILED.length() - 1) + ",\"cost\":0.007},\"id\":\"last\"}\n\n");
        assertThat(hidden).doesNotContain("usage").endsWith("data: [DONE]\n\n");
    }

    @Test
    void a_stream_of_unknown_price_is_handed_on_as_it_is() {
        gateway.reload(config("mine", ""));

        assertThat(gateway.post(PATH, STREAM.formatted(SHOWN)).body()).contains(DETAILED + ",\"id\":\"last\"}\n\n");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void the_next_target_is_asked_where_one_may_not_be_for_its_price(boolean streams) {
        gateway.reload("""
                unknown_price: deny
                endpoints:
                  - name: chat
                    endpoint_type: llm/v1/chat
                    targets:
                      - {name: dark, model: %s}
                      - {name: known, model: %s}
                    routing: {balance: in-order}
                """.formatted(model("mine"), model("gpt-4o")));

        List<HttpResponse<String>> answers = IntStream.range(0, 8)
                .mapToObj(i -> gateway.post(PATH, streams ? STREAM.formatted("") : ASK))
                .toList();

        assertThat(answers)
                .allSatisfy(answer -> assertThat(answer.statusCode()).isEqualTo(200))
                .allSatisfy(answer -> assertThat(answer.headers().firstValue("x-gateway-target"))
                        .contains("known"));
        assertThat(upstream.requests()).isEqualTo(8);
        assertThat(gateway.get("/api/gateway/targets").body()).doesNotContain("\"open\"");
    }
}
