package io.mlflowgateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.testing.RawUpstream;
import io.mlflowgateway.server.testing.Surface;
import io.mlflowgateway.server.testing.TestGateway;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every surface, streaming or not, with every way to share and take over calls between targets. */
class RoutingMatrixIT {
    private static final String REFUSAL =
            RawUpstream.json("{\"error\":{\"message\":\"not now\"}}").replace("200 OK", "503 Not Now");
    private static final int ENOUGH_FOR_TWO_RETRIES = 10;

    /** How many more requests. */
    private static final AtomicInteger REFUSED_BY_FIRST = new AtomicInteger();

    private static final RawUpstream FIRST = new RawUpstream(RoutingMatrixIT::asTold);
    private static final RawUpstream SECOND = new RawUpstream(Surface::wellAlways);
    private static final TestGateway GATEWAY = TestGateway.with("endpoints: []");

    private int askedFirst;
    private int askedSecond;

    static Stream<Surface> surfaces() {
        return Surface.all();
    }

    @BeforeEach
    void begin() {
        REFUSED_BY_FIRST.set(0);
        askedFirst = FIRST.requestCount();
        askedSecond = SECOND.requestCount();
    }

    @AfterAll
    static void stop() {
        GATEWAY.close();
        FIRST.close();
        SECOND.close();
    }

    @ParameterizedTest
    @MethodSource("surfaces")
    @Enforces("routing.balance")
    void calls_are_shared_by_weight(Surface surface) {
        GATEWAY.reload(Surface.shared(config("{balance: weighted}")));

        for (int i = 0; i < 4; i++) {
            assertThat(call(surface).statusCode()).isEqualTo(200);
        }

        assertThat(first()).isEqualTo(2);
        assertThat(second()).isEqualTo(2);
    }

    @ParameterizedTest
    @MethodSource("surfaces")
    @Enforces("routing.sticky-by")
    void calls_of_one_key_stay_with_one_target(Surface surface) {
        GATEWAY.reload(Surface.shared(config("{sticky-by: header x-session}")));

        for (int i = 0; i < 6; i++) {
            assertThat(GATEWAY.post(surface.path(), surface.json(), "X-Session", "one")
                            .statusCode())
                    .isEqualTo(200);
        }

        assertThat(first()).isIn(0, 6);
        assertThat(first() + second()).isEqualTo(6);
    }

    @ParameterizedTest
    @MethodSource("surfaces")
    @Enforces("routing.fallback")
    void a_second_target_answers_for_the_first(Surface surface) {
        GATEWAY.reload(config("{fallback: true}"));
        REFUSED_BY_FIRST.set(1);

        HttpResponse<String> answer = call(surface);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("x-gateway-target")).contains("second");
        assertThat(answer.headers().firstValue("x-gateway-attempts")).contains("2");
        assertThat(first()).isEqualTo(1);
        assertThat(second()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("surfaces")
    @Enforces("routing.retries")
    void the_same_target_is_asked_again(Surface surface) {
        GATEWAY.reload(alone(config("{retries: {attempts: 2, backoff: 1ms}}")));
        for (int i = 0; i < ENOUGH_FOR_TWO_RETRIES; i++) {
            call(surface);
        }
        REFUSED_BY_FIRST.set(2);

        HttpResponse<String> answer = call(surface);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("x-gateway-attempts")).contains("3");
        assertThat(first()).isEqualTo(ENOUGH_FOR_TWO_RETRIES + 3);
        assertThat(second()).isZero();
    }

    @ParameterizedTest
    @MethodSource("surfaces")
    @Enforces("routing.breaker")
    void a_target_that_failed_is_left_alone(Surface surface) {
        GATEWAY.reload(alone(config("{breaker: {failures: 1, cooldown: 1m}}")));
        REFUSED_BY_FIRST.set(1);

        HttpResponse<String> failed = call(surface);
        HttpResponse<String> refused = call(surface);

        assertThat(failed.statusCode()).isEqualTo(503);
        assertThat(failed.headers().firstValue("x-gateway-error-source")).contains("upstream");
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(surface.isFailure(refused.body())).as(refused.body()).isTrue();
        assertThat(refused.headers().firstValue("x-gateway-error-source")).contains("gateway");
        assertThat(refused.headers().firstValue("retry-after").map(Integer::parseInt))
                .hasValueSatisfying(seconds -> assertThat(seconds).isBetween(50, 60));
        assertThat(first()).isEqualTo(1);
    }

    private static HttpResponse<String> call(Surface surface) {
        return GATEWAY.post(surface.path(), surface.json());
    }

    private int first() {
        return FIRST.requestCount() - askedFirst;
    }

    private int second() {
        return SECOND.requestCount() - askedSecond;
    }

    /** Of its own version each time, so that nothing is remembered of another test's targets. */
    private static String config(String routing) {
        String key = "openai_api_key: key-" + System.nanoTime();
        return Surface.config(List.of(FIRST.base(), SECOND.base()), routing).replace("openai_api_key: k", key);
    }

    /** Without the second target. */
    private static String alone(String config) {
        return config.replaceAll("(?m)^ *- \\{name: second,.*\n", "");
    }

    private static void asTold(RawUpstream.Talk talk) throws IOException {
        Optional<RawUpstream.Request> request = talk.next();
        while (request.isPresent()) {
            boolean refuses = REFUSED_BY_FIRST.getAndUpdate(RoutingMatrixIT::oneLess) > 0;
            talk.send(refuses ? REFUSAL : Surface.answerTo(request.get()));
            request = talk.next();
        }
    }

    private static int oneLess(int left) {
        return Math.max(0, left - 1);
    }
}
