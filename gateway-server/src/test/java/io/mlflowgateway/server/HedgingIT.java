package io.mlflowgateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.reliability.Figures;
import io.mlflowgateway.server.reliability.Proves;
import io.mlflowgateway.server.reliability.Row;
import io.mlflowgateway.server.testing.Eventually;
import io.mlflowgateway.server.testing.RawConnection;
import io.mlflowgateway.server.testing.Scrape;
import io.mlflowgateway.server.testing.ScriptedUpstream;
import io.mlflowgateway.server.testing.Surface;
import io.mlflowgateway.server.testing.TestGateway;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A second attempt beside a slow one, on every surface, whole and streamed. */
class HedgingIT {
    private static final int ENOUGH = 20;
    private static final String EAGER = "{fallback: true, hedge: {budget: 50, after: p95, at-least: 100ms}}";

    /** How many requests are being left without an answer. */
    private final AtomicInteger waiting = new AtomicInteger();

    private final AtomicBoolean slow = new AtomicBoolean();
    private final AtomicBoolean secondToo = new AtomicBoolean();
    private final ScriptedUpstream first = new ScriptedUpstream(exchange -> answer(exchange, slow.get()));
    private final ScriptedUpstream second = new ScriptedUpstream(exchange -> answer(exchange, secondToo.get()));
    private final TestGateway gateway = TestGateway.with(Surface.config(List.of(first.base(), second.base()), EAGER));

    static Stream<Surface> surfaces() {
        return Surface.all();
    }

    @AfterEach
    void stop() {
        gateway.close();
        first.close();
        second.close();
    }

    private void answer(ScriptedUpstream.Exchange exchange, boolean slow) throws IOException {
        if (!slow) {
            Surface.answerWell(exchange);
            return;
        }
        waiting.incrementAndGet();
        try {
            if (exchange.body().contains("\"stream\":true")) {
                exchange.beginStream();
            }
            exchange.awaitGone();
        } finally {
            waiting.decrementAndGet();
        }
    }

    private void learn(TestGateway pupil, Surface surface) {
        IntStream.range(0, ENOUGH)
                .forEach(call -> assertThat(
                                pupil.post(surface.path(), surface.json()).statusCode())
                        .isEqualTo(200));
    }

    private static String header(HttpResponse<String> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    private static String route(Surface surface) {
        return "route=\""
                + (surface.openAi()
                        ? surface.path().contains("chat")
                                ? "chat"
                                : surface.path().substring(4)
                        : surface.path().split("/", -1)[2])
                + "\"";
    }

    @ParameterizedTest
    @MethodSource("surfaces")
    @Enforces("routing.hedge")
    void a_slow_target_is_overtaken_let_go_of_and_charged_for_the_prompt(Surface surface) {
        learn(gateway, surface);
        slow.set(true);

        HttpResponse<String> answer = gateway.post(surface.path(), surface.json());

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(header(answer, "x-gateway-target")).isEqualTo("second");
        assertThat(header(answer, "x-gateway-attempts")).isEqualTo("2");
        Eventually.within(Duration.ofSeconds(1), "the slow one is let go of", () -> waiting.get() == 0);
        Eventually.within(Duration.ofSeconds(10), "both are counted", () -> counted(surface));
        Scrape page = Scrape.of(gateway.port());
        assertThat(page.sum("gateway_tokens_total", route(surface), "direction=\"hedged_prompt\""))
                .isEqualTo(1);
        assertThat(page.sum("gateway_tokens_total", route(surface), "direction=\"prompt\""))
                .isEqualTo(ENOUGH + 1);
        assertThat(page.sum("gateway_extra_attempts_total", route(surface), "reason=\"hedge\""))
                .isEqualTo(1);
    }

    private boolean counted(Surface surface) {
        Scrape page = Scrape.of(gateway.port());
        String name = "gateway_upstream_attempts_total";
        return page.sum(name, route(surface), "target=\"first\"", "outcome=\"left\"") == 1
                && page.sum(name, route(surface), "target=\"second\"", "outcome=\"answered\"") == 1
                && page.sum("gateway_calls_total", route(surface)) == ENOUGH + 1;
    }

    @ParameterizedTest
    @MethodSource("surfaces")
    void a_caller_that_leaves_ends_both_attempts_within_a_second(Surface surface) {
        learn(gateway, surface);
        slow.set(true);
        secondToo.set(true);

        try (RawConnection caller = new RawConnection(gateway.port()).post(surface.path(), surface.json())) {
            Eventually.within(Duration.ofSeconds(10), "both are asked", () -> waiting.get() == 2);
        }

        Eventually.within(Duration.ofSeconds(1), "both are let go of", () -> waiting.get() == 0);
    }

    @Test
    void off_by_default_a_slow_target_is_waited_for() {
        Surface surface = Surface.all().findFirst().orElseThrow();
        try (TestGateway patient =
                TestGateway.with(Surface.config(List.of(first.base(), second.base()), "{fallback: true}"))) {
            learn(patient, surface);
            slow.set(true);

            try (RawConnection caller = new RawConnection(patient.port()).post(surface.path(), surface.json())) {
                assertThat(caller.staysSilent(Duration.ofSeconds(1))).isTrue();
            }

            assertThat(second.requests()).isZero();
        }
    }

    @Proves(Row.SLOW_TARGET)
    @Test
    void slow_target_is_overtaken_within_the_budget_and_the_rest_wait() {
        Surface surface = Surface.all().filter(Surface::streams).findFirst().orElseThrow();
        AtomicInteger asked = new AtomicInteger();
        int calls = 400;
        String routing = "{fallback: true, hedge: {budget: 5, after: p90, at-least: 20ms}}";
        try (ScriptedUpstream often = new ScriptedUpstream(exchange -> {
                    if (asked.incrementAndGet() % 8 == 0) {
                        exchange.pause(Duration.ofMillis(150));
                    }
                    Surface.answerWell(exchange);
                });
                TestGateway frugal = TestGateway.with(Surface.config(List.of(often.base(), second.base()), routing))) {

            long hedged = IntStream.range(0, calls)
                    .filter(call -> header(frugal.post(surface.path(), surface.json()), "x-gateway-attempts")
                            .equals("2"))
                    .count();

            assertThat(hedged).isBetween(1L, calls * 5 / 100L).isEqualTo(second.requests());
            Figures.seen(
                    Row.SLOW_TARGET,
                    "slow_target_is_overtaken_within_the_budget_and_the_rest_wait",
                    calls + " streams, " + calls / 8 + " of them slow to begin: " + hedged
                            + " asked of a second target beside the first, at most " + calls * 5 / 100 + " may be");
        }
    }
}
