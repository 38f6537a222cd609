package io.mlflowgateway.server.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.query.Call;
import io.mlflowgateway.server.query.CallLimit;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.QueryPipeline;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.testing.Calls;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateLimitTest {
    private static final CallLimit THREE_A_MINUTE = new CallLimit(3, Duration.ofMinutes(1), "1 minute");
    private static final CallLimit ONE_A_MINUTE = new CallLimit(1, Duration.ofMinutes(1), "1 minute");

    private final AtomicLong nanos = new AtomicLong(-5);
    private final RateLimit rateLimit = new RateLimit(nanos::get);
    private final QueryPipeline pipeline = new QueryPipeline(List.of(rateLimit));

    @Test
    void calls_past_the_limit_are_refused_with_mlflows_words_and_a_retry_after() {
        passes(THREE_A_MINUTE, 3);
        nanos.addAndGet(Duration.ofMillis(20_500).toNanos());

        Failure refusal = refusal(THREE_A_MINUTE);

        assertThat(refusal.status()).isEqualTo(429);
        assertThat(refusal).hasMessage("Rate limit exceeded: 3 per 1 minute");
        assertThat(refusal.retryAfter()).contains("40");
    }

    @Test
    void the_window_begins_with_its_first_call_and_the_next_one_after_it() {
        nanos.addAndGet(Duration.ofSeconds(59).toNanos());
        passes(THREE_A_MINUTE, 3);
        nanos.addAndGet(Duration.ofSeconds(59).toNanos());
        refusal(THREE_A_MINUTE);
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());

        passes(THREE_A_MINUTE, 3);

        refusal(THREE_A_MINUTE);
    }

    @Test
    void a_limit_of_zero_refuses_everything() {
        Failure refusal = refusal(new CallLimit(0, Duration.ofMinutes(1), "1 minute"));

        assertThat(refusal).hasMessage("Rate limit exceeded: 0 per 1 minute");
        assertThat(refusal.retryAfter()).contains("60");
    }

    @Test
    void a_route_without_a_limit_is_not_counted() {
        for (int i = 0; i < 100; i++) {
            assertThat(pipeline.query(call("free", Optional.empty())).blockOptional())
                    .isPresent();
        }
    }

    @Test
    void routes_count_apart() {
        passes(THREE_A_MINUTE, 3);

        assertThat(pipeline.query(call("other", Optional.of(THREE_A_MINUTE))).blockOptional())
                .isPresent();
    }

    @Test
    void a_reload_that_leaves_the_limit_alone_keeps_the_count_and_a_changed_limit_starts_anew() {
        passes(THREE_A_MINUTE, 3);
        rateLimit.keepOnly(Map.of("limited", THREE_A_MINUTE));
        refusal(THREE_A_MINUTE);
        rateLimit.keepOnly(Map.of("limited", ONE_A_MINUTE));

        passes(ONE_A_MINUTE, 1);

        refusal(ONE_A_MINUTE);
    }

    @Test
    void a_call_from_before_the_reload_does_not_start_the_new_limit_anew() {
        passes(THREE_A_MINUTE, 1);
        rateLimit.keepOnly(Map.of("limited", ONE_A_MINUTE));
        passes(ONE_A_MINUTE, 1);

        passes(THREE_A_MINUTE, 1);

        refusal(ONE_A_MINUTE);
    }

    @Test
    void a_route_that_went_away_and_came_back_starts_anew() {
        passes(THREE_A_MINUTE, 3);

        rateLimit.keepOnly(Map.of());

        passes(THREE_A_MINUTE, 3);
    }

    @Test
    void of_a_thousand_simultaneous_calls_exactly_the_limit_pass() throws InterruptedException {
        CallLimit limit = new CallLimit(137, Duration.ofMinutes(1), "1 minute");
        AtomicInteger passed = new AtomicInteger();
        CountDownLatch start = new CountDownLatch(1);
        ExecutorService callers = Executors.newFixedThreadPool(32);
        for (int i = 0; i < 1000; i++) {
            callers.execute(() -> {
                await(start);
                if (tryCall(limit)) {
                    passed.incrementAndGet();
                }
            });
        }

        start.countDown();
        callers.shutdown();

        assertThat(callers.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        assertThat(passed).hasValue(137);
    }

    private void passes(CallLimit limit, int times) {
        for (int i = 0; i < times; i++) {
            assertThat(tryCall(limit)).as("call %s of %s", i + 1, times).isTrue();
        }
    }

    private boolean tryCall(CallLimit limit) {
        try {
            return pipeline.query(call("limited", Optional.of(limit)))
                    .blockOptional()
                    .isPresent();
        } catch (Failure refused) {
            return false;
        }
    }

    private Failure refusal(CallLimit limit) {
        try {
            Optional<Reply> passed =
                    pipeline.query(call("limited", Optional.of(limit))).blockOptional();
            throw new AssertionError("the call passed: " + passed);
        } catch (Failure refused) {
            return refused;
        }
    }

    private static Call call(String route, Optional<CallLimit> limit) {
        return Calls.of(Calls.route(route, limit));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
