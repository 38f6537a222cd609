package io.mlflowgateway.server;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.testing.Eventually;
import io.mlflowgateway.server.testing.Scrape;
import io.mlflowgateway.server.testing.Surface;
import io.mlflowgateway.server.testing.TestGateway;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every surface, streaming or not, under every policy: what holds for one call holds for all of them. */
class SurfaceMatrixIT {
    private static final String CANARY = "sk-canary-7f3a9b";
    private static final String TOKENS = "gateway_tokens_total";
    private static final String PROMPT = "direction=\"prompt\"";
    private static final String COST = "x-gateway-cost-usd";
    private static final String PRICES = "prices: {the-model: {input: 3, output: 15}}\n";
    private static final String CALLER = "Bearer callers-own-credential";

    @RegisterExtension
    static final WireMockExtension UPSTREAM = WireMockExtension.newInstance()
            .options(wireMockConfig().dynamicPort())
            .build();

    private TestGateway gateway;

    static Stream<Surface> surfaces() {
        return Surface.all();
    }

    @BeforeEach
    void start() {
        gateway = TestGateway.with(config(""));
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private static String config(String limit) {
        return Surface.config(UPSTREAM.baseUrl() + "/v1", CANARY, limit);
    }

    @ParameterizedTest
    @MethodSource("surfaces")
    void a_call_makes_one_upstream_call_with_the_gateways_credential_and_never_the_callers(Surface surface) {
        UPSTREAM.stubFor(post(anyUrl()).willReturn(good(surface)));

        HttpResponse<String> answer = gateway.post(
                surface.path(), surface.json(), "Authorization", CALLER, "Cookie", "session=1", "X-Api-Key", "mine");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        UPSTREAM.verify(1, postRequestedFor(anyUrl()));
        var sent = UPSTREAM.getAllServeEvents().get(0).getRequest();
        assertThat(sent.getHeader("Authorization")).isEqualTo("Bearer " + CANARY);
        assertThat(sent.containsHeader("Cookie")).isFalse();
        assertThat(sent.containsHeader("X-Api-Key")).isFalse();
        assertThat(sent.getBodyAsString()).contains("\"model\":\"the-model\"").doesNotContain("\"model\":\"chat\"");
    }

    @ParameterizedTest
    @MethodSource("surfaces")
    void what_texts_are_for_and_how_long_vectors_shall_be_reaches_the_provider(Surface surface) {
        UPSTREAM.stubFor(post(anyUrl()).willReturn(good(surface)));

        HttpResponse<String> answer =
                gateway.post(surface.path(), surface.jsonWith("\"dimensions\":4,\"input_type\":\"query\""));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        String sent = UPSTREAM.getAllServeEvents().get(0).getRequest().getBodyAsString();
        assertThat(sent).contains("\"dimensions\":4").contains("\"input_type\":\"query\"");
    }

    @ParameterizedTest
    @MethodSource("surfaces")
    void an_upstream_refusal_keeps_status_and_retry_after_and_names_its_source(Surface surface) {
        UPSTREAM.stubFor(post(anyUrl())
                .willReturn(aResponse()
                        .withStatus(429)
                        .withHeader("Retry-After", "7")
                        .withHeader("Set-Cookie", "a=b")
                        .withHeader("Content-Type", "application/json")
                        .withBody("{\"error\":{\"message\":\"slow down\"}}")));

        HttpResponse<String> answer = gateway.post(surface.path(), surface.json());

        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(answer.headers().firstValue("retry-after")).contains("7");
        assertThat(answer.headers().firstValue("x-gateway-error-source")).contains("upstream");
        assertThat(answer.headers().firstValue("x-request-id")).isPresent();
        assertThat(answer.headers().firstValue("set-cookie")).isEmpty();
        assertThat(answer.headers().firstValue("content-type").orElse("")).startsWith("application/json");
        assertThat(answer.body()).contains("slow down");
    }

    @Test
    void openai_callers_get_the_providers_own_error_code() {
        UPSTREAM.stubFor(post(anyUrl())
                .willReturn(aResponse()
                        .withStatus(400)
                        .withHeader("Content-Type", "application/json")
                        .withBody("{\"error\":{\"message\":\"too long\",\"code\":\"context_length_exceeded\"}}")));

        HttpResponse<String> answer = gateway.post("/v1/chat/completions", "{\"model\":\"chat\",\"messages\":[]}");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("\"code\":\"context_length_exceeded\"");
    }

    @ParameterizedTest
    @MethodSource("surfaces")
    void a_refused_credential_is_told_apart_and_never_quoted(Surface surface) {
        UPSTREAM.stubFor(post(anyUrl())
                .willReturn(aResponse()
                        .withStatus(401)
                        .withHeader("Content-Type", "application/json")
                        .withBody("{\"error\":{\"message\":\"Incorrect API key provided: " + CANARY + "\"}}")));

        HttpResponse<String> answer = gateway.post(surface.path(), surface.json());

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("x-gateway-error-source")).contains("upstream");
        assertThat(answer.body()).contains("gateway's credential").doesNotContain(CANARY);
    }

    @ParameterizedTest
    @MethodSource("surfaces")
    void nonsense_from_upstream_is_502_never_200(Surface surface) {
        UPSTREAM.stubFor(post(anyUrl())
                .willReturn(aResponse().withHeader("Content-Type", "text/html").withBody("<html>portal</html>")));

        HttpResponse<String> answer = gateway.post(surface.path(), surface.json());

        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.body()).doesNotContain("<html>");
    }

    @ParameterizedTest
    @MethodSource("surfaces")
    void a_redirect_is_never_followed(Surface surface) {
        UPSTREAM.stubFor(post(anyUrl()).willReturn(aResponse().withStatus(307).withHeader("Location", "/elsewhere")));

        HttpResponse<String> answer = gateway.post(surface.path(), surface.json());

        assertThat(answer.statusCode()).isEqualTo(502);
        UPSTREAM.verify(0, postRequestedFor(urlEqualTo("/elsewhere")));
    }

    @ParameterizedTest
    @MethodSource("surfaces")
    @Enforces("RateLimit")
    void a_limit_counts_and_refuses_on_every_surface(Surface surface) {
        UPSTREAM.stubFor(post(anyUrl()).willReturn(good(surface)));
        gateway.reload(config("    limit: {calls: 2, renewal_period: minute}\n"));

        gateway.post(surface.path(), surface.json());
        gateway.post(surface.path(), surface.json());
        HttpResponse<String> third = gateway.post(surface.path(), surface.json());

        assertThat(third.statusCode()).isEqualTo(429);
        assertThat(third.headers().firstValue("retry-after")).isPresent();
        assertThat(third.headers().firstValue("x-gateway-error-source")).contains("gateway");
        assertThat(third.body()).contains("Rate limit exceeded: 2 per 1 minute");
        UPSTREAM.verify(2, postRequestedFor(anyUrl()));
    }

    @ParameterizedTest
    @MethodSource("surfaces")
    @Enforces("RecordUsage")
    void what_a_call_uses_is_counted_on_every_surface(Surface surface) {
        UPSTREAM.stubFor(post(anyUrl()).willReturn(good(surface)));

        gateway.post(surface.path(), surface.json());

        Eventually.within(
                Duration.ofSeconds(5),
                "it is counted",
                () -> Scrape.of(gateway.port()).sum(TOKENS, PROMPT) == 1);
    }

    @ParameterizedTest
    @MethodSource("surfaces")
    @Enforces("EstimateUsage")
    void what_no_provider_counts_is_guessed_and_said_to_be_on_every_surface(Surface surface) {
        String uncounted = surface.goodAnswer().replaceAll(",\"usage\":\\{[^{}]*}", "");
        UPSTREAM.stubFor(post(anyUrl())
                .willReturn(aResponse()
                        .withHeader("Content-Type", surface.goodType())
                        .withBody(uncounted)));

        HttpResponse<String> answer = gateway.post(surface.path(), surface.json());

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("x-gateway-usage").isPresent()).isEqualTo(!surface.streams());
        Eventually.within(
                Duration.ofSeconds(5),
                "it is counted as a guess",
                () -> Scrape.of(gateway.port()).sum("gateway_estimated_tokens_total", PROMPT) > 0);
    }

    @ParameterizedTest
    @MethodSource("surfaces")
    void what_a_call_costs_is_told_and_added_up_on_every_surface(Surface surface) {
        UPSTREAM.stubFor(post(anyUrl()).willReturn(good(surface)));
        gateway.reload(PRICES + config(""));
        String cost = surface.task() == Task.EMBEDDINGS ? "0.000003" : "0.000018";

        HttpResponse<String> answer =
                gateway.post(surface.path(), surface.jsonWith("\"stream_options\":{\"include_usage\":true}"));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        if (surface.streams()) {
            assertThat(answer.headers().firstValue(COST)).isEmpty();
            assertThat(answer.body()).contains("\"total_tokens\":2,\"cost\":" + cost + "}}");
        } else {
            assertThat(answer.headers().firstValue(COST)).contains(cost);
        }
        String target = "target=\"" + (surface.path().contains("split") ? "chat" : "openai/the-model") + '"';
        Eventually.within(
                Duration.ofSeconds(5),
                "it is added up",
                () -> Math.abs(Scrape.of(gateway.port()).sum("gateway_cost_usd_total", target)
                                - Double.parseDouble(cost))
                        < 1e-12);
        assertThat(Scrape.of(gateway.port()).sum("gateway_unknown_price_total")).isZero();
    }

    @ParameterizedTest
    @MethodSource("surfaces")
    void a_call_nobody_knows_the_price_of_goes_on_and_is_counted_on_every_surface(Surface surface) {
        UPSTREAM.stubFor(post(anyUrl()).willReturn(good(surface)));

        HttpResponse<String> answer = gateway.post(surface.path(), surface.json());

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue(COST)).isEmpty();
        assertThat(answer.body()).doesNotContain("\"cost\"");
        Eventually.within(
                Duration.ofSeconds(5),
                "it is counted",
                () -> Scrape.of(gateway.port()).sum("gateway_unknown_price_total") == 1);
        assertThat(Scrape.of(gateway.port()).samples("gateway_cost_usd_total")).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("surfaces")
    void a_call_nobody_knows_the_price_of_is_refused_before_anything_is_sent_where_that_is_wanted(Surface surface) {
        UPSTREAM.stubFor(post(anyUrl()).willReturn(good(surface)));
        gateway.reload(config("    unknown_price: deny\n"));

        HttpResponse<String> answer = gateway.post(surface.path(), surface.json());

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(surface.isFailure(answer.body())).as(answer.body()).isTrue();
        assertThat(answer.body()).contains("nobody knows what its model costs");
        assertThat(answer.headers().firstValue("x-gateway-error-source")).contains("gateway");
        UPSTREAM.verify(0, postRequestedFor(anyUrl()));
        Eventually.within(
                Duration.ofSeconds(5),
                "it is counted",
                () -> Scrape.of(gateway.port()).sum("gateway_unknown_price_total") == 1);
    }

    @Test
    void one_counter_serves_all_surfaces_of_a_route() {
        UPSTREAM.stubFor(post(anyUrl()).willReturn(good(surfaces().findFirst().orElseThrow())));
        gateway.reload(config("    limit: {calls: 3, renewal_period: minute}\n"));
        List<Surface> chat = surfaces()
                .filter(s -> !s.streams() && s.name().matches("(deployments|openai) chat( on.*)?"))
                .toList();

        chat.forEach(
                s -> assertThat(gateway.post(s.path(), s.json()).statusCode()).isEqualTo(200));

        chat.forEach(
                s -> assertThat(gateway.post(s.path(), s.json()).statusCode()).isEqualTo(429));
        assertThat(chat).hasSize(3);
    }

    @ParameterizedTest
    @MethodSource("surfaces")
    void a_complete_stream_ends_with_done_and_hides_the_usage_nobody_asked_for(Surface surface) {
        UPSTREAM.stubFor(post(anyUrl()).willReturn(good(surface)));

        HttpResponse<String> answer = gateway.post(surface.path(), surface.json());

        if (surface.streams()) {
            List<String> events = TestGateway.events(answer);
            assertThat(events).last().isEqualTo("[DONE]");
            assertThat(events).hasSize(3);
            assertThat(answer.body()).doesNotContain("\"usage\":{");
            assertThat(answer.headers().firstValue("content-type")).contains("text/event-stream; charset=utf-8");
            assertThat(UPSTREAM.getAllServeEvents().get(0).getRequest().getBodyAsString())
                    .contains("\"include_usage\":true");
        } else {
            assertThat(answer.body()).doesNotContain("[DONE]");
        }
    }

    private static ResponseDefinitionBuilder good(Surface surface) {
        return aResponse().withHeader("Content-Type", surface.goodType()).withBody(surface.goodAnswer());
    }
}
