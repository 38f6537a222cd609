package io.mlflowgateway.server.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.testing.Eventually;
import io.mlflowgateway.server.testing.Scrape;
import io.mlflowgateway.server.testing.ScriptedUpstream;
import io.mlflowgateway.server.testing.TestGateway;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers that end for a reason that a provider has come up with since the gateway was made. */
class UnknownFinishReasonsIT {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String METRIC = "gateway_unknown_finish_reasons_total";
    private static final String REASON = "REASON";

    /**
     * What a provider answers.
     *
     * @param config with {@code BASE} where the upstream is
     * @param whole with {@link #REASON} where it stands
     * @param events each an event's data
     */
    private record Case(String provider, String config, String known, String whole, String... events) {
        String stream(String reason) {
            return "data: " + String.join("\n\ndata: ", events).replace(REASON, reason) + "\n\n";
        }

        @Override
        public String toString() {
            return provider;
        }
    }

    static Stream<Case> cases() {
        return Stream.of(
                new Case(
                        "anthropic",
                        "{anthropic_api_key: k, anthropic_api_base: 'BASE'}",
                        "pause_turn",
                        "{'id':'a','type':'message','content':[{'type':'text','text':'hi'}],'stop_reason':'REASON','usage':"
                                + "{'input_tokens':1,'output_tokens':2}}",
                        "{'type':'message_start','message':{'id':'a','usage':{'input_tokens':1}}}",
                        "{'type':'message_delta','delta':{'stop_reason':'REASON'},'usage':{'output_tokens':2}}",
                        "{'type':'message_stop'}"),
                new Case(
                        "cohere",
                        "{cohere_api_key: k, cohere_api_base: 'BASE'}",
                        "STOP_SEQUENCE",
                        "{'id':'a','finish_reason':'REASON','message':{'content':[{'type':'text','text':'hi'}]}}",
                        "{'type':'message-start','id':'a'}",
                        "{'type':'message-end','delta':{'finish_reason':'REASON','usage':{}}}"),
                new Case(
                        "gemini",
                        "{gemini_api_key: k, gemini_api_base: 'BASE'}",
                        "STOP",
                        "{'candidates':[{'content':{'parts':[{'text':'hi'}]},'finishReason':'REASON'}]}",
                        "{'candidates':[{'content':{'parts':[{'text':'hi'}]},'finishReason':'REASON'}]}"),
                new Case(
                        "mistral",
                        "{mistral_api_key: k, mistral_api_base: 'BASE'}",
                        "model_length",
                        "{'id':'a','choices':[{'index':0,'message':{'role':'assistant','content':'hi'},'finish_reason':"
                                + "'REASON'}]}",
                        "{'id':'a','choices':[{'index':0,'delta':{'content':'hi'},'finish_reason':null}]}",
                        "{'id':'a','choices':[{'index':0,'delta':{'content':''},'finish_reason':'REASON'}]}"));
    }

    private static TestGateway gateway(Case each, ScriptedUpstream upstream) {
        return TestGateway.with("endpoints:\n  - {name: r, endpoint_type: llm/v1/chat, model: {provider: "
                + each.provider() + ", name: m, config: " + each.config().replace("BASE", upstream.base()) + "}}\n");
    }

    private static HttpResponse<String> asked(TestGateway gateway, boolean streams) {
        return gateway.post(
                "/v1/chat/completions",
                "{\"model\":\"r\",\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"stream\":" + streams + "}");
    }

    private static void answer(ScriptedUpstream.Exchange exchange, Case each, String reason) throws IOException {
        boolean streams = exchange.head().contains("streamGenerateContent")
                || exchange.body().contains("\"stream\":true");
        if (streams) {
            exchange.beginStream();
            exchange.part(each.stream(reason).replace('\'', '"'));
            exchange.send("0\r\n\r\n");
        } else {
            exchange.json(each.whole().replace(REASON, reason).replace('\'', '"'));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void an_end_that_nobody_knows_is_a_stop_and_counted_for_its_provider(Case each) {
        try (ScriptedUpstream upstream = new ScriptedUpstream(exchange -> answer(exchange, each, "brand_new"));
                TestGateway gateway = gateway(each, upstream)) {

            HttpResponse<String> whole = asked(gateway, false);
            HttpResponse<String> stream = asked(gateway, true);

            assertThat(whole.body()).contains("\"finish_reason\":\"stop\"", "\"native_finish_reason\":\"brand_new\"");
            assertThat(stream.body())
                    .contains("\"finish_reason\":\"stop\"", "\"native_finish_reason\":\"brand_new\"", "[DONE]");
            Eventually.within(SOON, "both are counted", () -> counted(gateway) == 2);
            assertThat(Scrape.of(gateway.port()).samples(METRIC))
                    .containsExactly(METRIC + "{provider=\"" + each.provider() + "\"} 2.0");
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void an_end_that_the_providers_table_knows_is_not_counted(Case each) {
        try (ScriptedUpstream upstream = new ScriptedUpstream(exchange -> answer(exchange, each, each.known()));
                TestGateway gateway = gateway(each, upstream)) {

            assertThat(asked(gateway, false).statusCode()).isEqualTo(200);
            assertThat(asked(gateway, true).body()).contains("[DONE]");

            Eventually.within(
                    SOON,
                    "both are over",
                    () -> Scrape.of(gateway.port()).sum("gateway_calls_total", "route=\"r\"") == 2);
            assertThat(counted(gateway)).isZero();
        }
    }

    private static double counted(TestGateway gateway) {
        return Scrape.of(gateway.port()).sum(METRIC, "provider=");
    }
}
