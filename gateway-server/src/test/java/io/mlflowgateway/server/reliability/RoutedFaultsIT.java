package io.mlflowgateway.server.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.testing.RawUpstream;
import io.mlflowgateway.server.testing.Surface;
import io.mlflowgateway.server.testing.TestGateway;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each fault of an upstream on routes that retry, and on routes with a second target; on every surface at once. */
class RoutedFaultsIT {
    private static final List<Surface> SURFACES = Surface.all().toList();
    private static final List<Surface> STREAMED =
            SURFACES.stream().filter(Surface::streams).toList();
    private static final Map<String, String> HASTY =
            Map.of("first-byte-timeout", "1s", "stream-idle-timeout", "500ms", "response-body-limit", "1MiB");
    private static final String RETRIES = "{retries: {attempts: 1, backoff: 5ms}}";
    private static final String FALLBACK = "{fallback: true}";
    private static final String BOTH = "{fallback: true, retries: {attempts: 1, backoff: 5ms}}";

    @ParameterizedTest
    @EnumSource(UpstreamFault.class)
    @Proves(Row.RETRIES)
    void retries_are_made_of_what_may_be_gone_by_the_next_time(UpstreamFault fault) {
        Set<String> asked = ConcurrentHashMap.newKeySet();
        try (RawUpstream upstream = new RawUpstream(talk -> onceThenWell(talk, fault, asked));
                TestGateway gateway = TestGateway.with(
                        Surface.config(upstream.base(), "k", "    routing: " + RETRIES + "\n"), HASTY)) {
            List<HttpResponse<String>> answers = ask(gateway, SURFACES);

            for (int i = 0; i < answers.size(); i++) {
                int expected = fault.retryable() ? 200 : fault.status();
                assertThat(answers.get(i).statusCode())
                        .as(SURFACES.get(i) + " " + answers.get(i).body())
                        .isEqualTo(expected);
                assertThat(answers.get(i).headers().firstValue("x-gateway-attempts"))
                        .hasValueSatisfying(attempts -> assertThat(attempts).isIn(attempts(fault)));
            }
            assertThat(upstream.requestCount()).isEqualTo(SURFACES.size() * (fault.retryable() ? 2 : 1));
        }

        Figures.seen(
                Row.RETRIES,
                "retries_are_made_of_what_may_be_gone_by_the_next_time",
                UpstreamFault.values().length + " faults on " + SURFACES.size()
                        + " surfaces: 200 after exactly one more call, or the fault after exactly one call");
    }

    @ParameterizedTest
    @EnumSource(UpstreamFault.class)
    @Proves(Row.TARGET_FAILS)
    void target_fails_in_any_way_and_the_second_one_answers(UpstreamFault fault) {
        try (RawUpstream first = new RawUpstream(fault::instead);
                RawUpstream second = new RawUpstream(Surface::wellAlways);
                TestGateway gateway =
                        TestGateway.with(Surface.config(List.of(first.base(), second.base()), FALLBACK), HASTY)) {
            List<HttpResponse<String>> answers = ask(gateway, SURFACES);

            for (int i = 0; i < answers.size(); i++) {
                HttpResponse<String> answer = answers.get(i);
                int expected = fault.movesOn() ? 200 : fault.status();
                assertThat(answer.statusCode())
                        .as(SURFACES.get(i) + " " + answer.body())
                        .isEqualTo(expected);
                assertThat(answer.headers().firstValue("x-gateway-target"))
                        .contains(fault.movesOn() ? "second" : "first");
                assertThat(answer.headers().firstValue("x-gateway-attempts"))
                        .hasValueSatisfying(attempts -> assertThat(attempts).isIn(attemptsUntilSecond(fault)));
                assertThat(answer.headers().firstValue("x-gateway-error-source"))
                        .isEqualTo(fault.movesOn() ? Optional.empty() : Optional.of("upstream"));
                assertThat(SURFACES.get(i).streams() && fault.movesOn())
                        .isEqualTo(answer.body().endsWith("data: [DONE]\n\n"));
            }
            assertThat(second.requestCount()).isEqualTo(fault.movesOn() ? SURFACES.size() : 0);
            assertThat(first.requestCount()).isBetween(1, SURFACES.size());
        }

        Figures.seen(
                Row.TARGET_FAILS,
                "target_fails_in_any_way_and_the_second_one_answers",
                UpstreamFault.values().length + " faults on " + SURFACES.size()
                        + " surfaces: 200 from the second target, or the caller's own fault and no second call");
    }

    @ParameterizedTest
    @EnumSource(StreamFault.class)
    @Proves(Row.LATE_FAULT)
    void late_fault_is_never_retried_or_passed_on(StreamFault fault) {
        RawUpstream.Script breaks = talk -> {
            Optional<RawUpstream.Request> request = talk.next();
            if (request.isPresent()) {
                talk.send(RawUpstream.STREAM_HEAD
                        + RawUpstream.chunk(Surface.asked(request.get()).firstEvent()));
                fault.happen(talk);
            }
        };
        try (RawUpstream first = new RawUpstream(breaks);
                RawUpstream second = new RawUpstream(Surface::wellAlways);
                TestGateway gateway =
                        TestGateway.with(Surface.config(List.of(first.base(), second.base()), BOTH), HASTY)) {
            List<HttpResponse<String>> answers = ask(gateway, STREAMED);

            for (HttpResponse<String> answer : answers) {
                List<String> events = TestGateway.events(answer);
                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(events).hasSize(2);
                assertThat(events.get(1)).startsWith("{\"error\":{");
            }
            assertThat(first.requestCount()).isEqualTo(STREAMED.size());
            assertThat(second.requestCount()).isZero();
        }

        Figures.seen(
                Row.LATE_FAULT,
                "late_fault_is_never_retried_or_passed_on",
                StreamFault.values().length + " faults on " + STREAMED.size()
                        + " surfaces of routes with retries and fallback: one error event, one call, none to the second"
                        + " target");
    }

    /** What ends a connection without a byte is taken for a stale one, where others used it, and is no attempt. */
    private static List<String> attempts(UpstreamFault fault) {
        return !fault.retryable() ? List.of("1") : fault.looksStale() ? List.of("1", "2") : List.of("2");
    }

    /** A target that says when it wants to be asked again is not asked first by calls that come later. */
    private static List<String> attemptsUntilSecond(UpstreamFault fault) {
        return !fault.movesOn() ? List.of("1") : fault.retryAfter().isPresent() ? List.of("1", "2") : List.of("2");
    }

    private static List<HttpResponse<String>> ask(TestGateway gateway, List<Surface> surfaces) {
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < surfaces.size(); i++) {
            String json = surfaces.get(i).json().replace("\"hi\"", "\"call " + i + "!\"");
            answers.add(gateway.postAsync(surfaces.get(i).path(), json));
        }
        return answers.stream().map(CompletableFuture::join).toList();
    }

    /** Meets each call with the fault the first time. */
    private static void onceThenWell(RawUpstream.Talk talk, UpstreamFault fault, Set<String> asked)
            throws IOException, InterruptedException {
        Optional<RawUpstream.Request> request = talk.next();
        while (request.isPresent()) {
            String body = request.get().body();
            String call = body.substring(body.indexOf("call "), body.indexOf('!'));
            if (!asked.add(call)) {
                talk.send(Surface.answerTo(request.get()));
            } else {
                fault.happen(talk);
                if (fault.breaksOff()) {
                    return;
                }
            }
            request = talk.next();
        }
    }
}
