package io.mlflowgateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.testing.Eventually;
import io.mlflowgateway.server.testing.ScriptedUpstream;
import io.mlflowgateway.server.testing.TestGateway;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which target a call comes to, as the configuration says it. */
class BalancingIT {
    private static final String CHAT = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]%s}";

    private final CountDownLatch goOn = new CountDownLatch(1);
    private final ScriptedUpstream a = new ScriptedUpstream(exchange -> {
        if (exchange.body().contains("hold")) {
            exchange.await(goOn);
        }
        exchange.pause(Duration.ofMillis(30)).chat("a");
    });
    private final ScriptedUpstream b = new ScriptedUpstream(exchange -> exchange.chat("b"));

    @AfterEach
    void stop() {
        a.close();
        b.close();
    }

    private TestGateway gateway(String routing) {
        return TestGateway.with("""
                endpoints:
                  - name: chat
                    endpoint_type: llm/v1/chat
                    targets:
                      - name: a
                        price: {input: 3, output: 15}
                        model: {provider: openai, name: m, config: {openai_api_key: k, openai_api_base: '%s'}}
                      - name: b
                        price: {input: 0.5, output: 2}
                        model: {provider: openai, name: m, config: {openai_api_key: k, openai_api_base: '%s'}}
                    routing: %s
                """.formatted(a.base(), b.base(), routing));
    }

    private static String target(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.headers().firstValue("x-gateway-target").orElse("");
    }

    private static List<String> targets(TestGateway gateway, int calls, String body, String... headers) {
        List<String> targets = new ArrayList<>();
        IntStream.range(0, calls)
                .forEach(call -> targets.add(target(gateway.post("/endpoints/chat/invocations", body, headers))));
        return targets;
    }

    @Test
    void by_weight_they_take_turns() {
        try (TestGateway gateway = gateway("{balance: weighted}")) {
            assertThat(targets(gateway, 4, CHAT.formatted(""))).containsExactly("a", "b", "a", "b");
        }
    }

    @Test
    void in_order_the_first_has_them_all() {
        try (TestGateway gateway = gateway("{balance: in-order}")) {
            assertThat(targets(gateway, 3, CHAT.formatted(""))).containsOnly("a");
        }
    }

    @Test
    void the_cheapest_has_them_all() {
        try (TestGateway gateway = gateway("{balance: cheapest}")) {
            assertThat(targets(gateway, 3, CHAT.formatted(""))).containsOnly("b");
        }
    }

    @Test
    void the_one_that_is_busy_is_passed_by() {
        try (TestGateway gateway = gateway("{balance: least-busy}")) {
            var held = gateway.postAsync(
                    "/endpoints/chat/invocations", CHAT.formatted("").replace("hi", "hold"));
            Eventually.within(Duration.ofSeconds(10), "a is busy", () -> a.requests() == 1);

            List<String> others = targets(gateway, 5, CHAT.formatted(""));
            goOn.countDown();

            assertThat(target(held.join())).isEqualTo("a");
            assertThat(others).containsOnly("b");
        }
    }

    @Test
    void the_one_that_answers_faster_has_most() {
        try (TestGateway gateway = gateway("{balance: lowest-latency}")) {
            List<String> targets = targets(gateway, 30, CHAT.formatted(""));

            // Each is tried; how fast the other one is on a busy machine is nobody's promise.
            assertThat(targets).contains("a", "b");
            assertThat(targets).filteredOn("b"::equals).hasSizeGreaterThan(15);
        }
    }

    @ParameterizedTest
    @CsvSource({"header x-session-id, x-session-id", "body user, ''"})
    void calls_of_one_key_stay_at_one_target(String stickyBy, String header) {
        try (TestGateway gateway = gateway("{sticky-by: " + stickyBy + "}")) {
            Set<String> seen = new HashSet<>();
            for (int session = 0; session < 12; session++) {
                String key = "session-" + session;
                List<String> targets = header.isEmpty()
                        ? targets(gateway, 4, CHAT.formatted(",\"user\":\"" + key + "\""))
                        : targets(gateway, 4, CHAT.formatted(""), "X-Session-Id", key);

                assertThat(new HashSet<>(targets)).as(key).hasSize(1);
                seen.addAll(targets);
            }

            assertThat(seen).containsExactlyInAnyOrder("a", "b");
            assertThat(targets(gateway, 4, CHAT.formatted(""))).containsExactlyInAnyOrder("a", "a", "b", "b");
        }
    }
}
