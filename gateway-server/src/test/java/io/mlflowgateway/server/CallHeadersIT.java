package io.mlflowgateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.testing.ScriptedUpstream;
import io.mlflowgateway.server.testing.Surface;
import io.mlflowgateway.server.testing.TestGateway;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the answer to a call tells in headers, on every surface, streaming or not, good or not. */
class CallHeadersIT {
    private static final Duration UPSTREAM_TAKES = Duration.ofMillis(150);
    private static final String LIMIT = "    limit: {calls: 2, renewal_period: minute}\n";

    private ScriptedUpstream upstream;
    private TestGateway gateway;

    static Stream<Surface> surfaces() {
        return Surface.all();
    }

    @BeforeEach
    void start() {
        upstream = new ScriptedUpstream(exchange -> {
            if (exchange.body().contains("refuse")) {
                exchange.send("HTTP/1.1 400 Bad\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
            } else {
                Surface.answerWell(exchange.pause(UPSTREAM_TAKES));
            }
        });
        gateway = TestGateway.with(Surface.config(upstream.base(), "sk-canary", ""));
    }

    @AfterEach
    void stop() {
        gateway.close();
        upstream.close();
    }

    @ParameterizedTest
    @MethodSource("surfaces")
    void every_answer_names_its_route_its_target_and_the_attempts(Surface surface) {
        HttpResponse<String> answer = gateway.post(surface.path(), surface.json());

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(header(answer, "x-gateway-route")).isEqualTo(route(surface));
        assertThat(header(answer, "x-gateway-target"))
                .isEqualTo(surface.path().contains("split") ? "chat" : "openai/the-model");
        assertThat(header(answer, "x-gateway-provider")).isEqualTo("openai");
        assertThat(header(answer, "x-gateway-served-model")).isEqualTo("the-model");
        assertThat(header(answer, "x-gateway-attempts")).isEqualTo("1");
        assertThat(header(answer, "x-ratelimit-limit-requests")).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("surfaces")
    void time_is_split_into_the_gateways_and_the_upstreams(Surface surface) {
        HttpResponse<String> answer = gateway.post(surface.path(), surface.json());

        double total = Double.parseDouble(header(answer, "x-mlflow-gateway-duration-ms"));
        double overhead = Double.parseDouble(header(answer, "x-mlflow-gateway-overhead-duration-ms"));
        assertThat(total).isGreaterThanOrEqualTo(UPSTREAM_TAKES.toMillis());
        assertThat(overhead).isPositive();
        assertThat(total - overhead).isGreaterThanOrEqualTo(UPSTREAM_TAKES.toMillis() - 1.0);
    }

    @ParameterizedTest
    @MethodSource("surfaces")
    void a_routes_limit_tells_how_it_stands_up_to_the_refusal(Surface surface) {
        gateway.reload(Surface.config(upstream.base(), "sk-canary", LIMIT));

        HttpResponse<String> first = gateway.post(surface.path(), surface.json());
        HttpResponse<String> second = gateway.post(surface.path(), surface.json());
        HttpResponse<String> third = gateway.post(surface.path(), surface.json());

        assertThat(Stream.of(first, second, third).map(HttpResponse::statusCode))
                .containsExactly(200, 200, 429);
        assertThat(Stream.of(first, second, third).map(answer -> header(answer, "x-ratelimit-remaining-requests")))
                .containsExactly("1", "0", "0");
        assertThat(header(third, "x-ratelimit-limit-requests")).isEqualTo("2");
        assertThat(header(third, "x-ratelimit-reset-requests")).isEqualTo(header(third, "retry-after") + "s");
        assertThat(header(third, "x-gateway-route")).isEqualTo(route(surface));
        assertThat(header(third, "x-gateway-provider")).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("surfaces")
    void an_upstreams_refusal_tells_who_refused(Surface surface) {
        HttpResponse<String> answer = gateway.post(surface.path(), surface.jsonWith("\"extra\":\"refuse\""));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(header(answer, "x-gateway-route")).isEqualTo(route(surface));
        assertThat(header(answer, "x-gateway-provider")).isEqualTo("openai");
        assertThat(header(answer, "x-mlflow-gateway-duration-ms")).isNotEmpty();
    }

    @Test
    void what_is_no_call_tells_nothing_of_a_route() {
        HttpResponse<String> health = gateway.get("/health");
        HttpResponse<String> unknown = gateway.post("/endpoints/nobody/invocations", "{\"messages\":[]}");

        assertThat(header(health, "x-gateway-route")).isEmpty();
        assertThat(header(health, "x-mlflow-gateway-duration-ms")).isEmpty();
        assertThat(header(unknown, "x-gateway-route")).isEmpty();
    }

    private static String route(Surface surface) {
        return surface.path().matches("/gateway/.*|/endpoints/.*")
                ? surface.path().split("/", -1)[2]
                : surface.json().replaceFirst(".*\"model\":\"([a-z]+)\".*", "$1");
    }

    private static String header(HttpResponse<String> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }
}
