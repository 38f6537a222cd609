package io.mlflowgateway.server.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.testing.Eventually;
import io.mlflowgateway.server.testing.RawUpstream;
import io.mlflowgateway.server.testing.Surface;
import io.mlflowgateway.server.testing.TestGateway;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each fault of an upstream, met on every surface, on a route that has nothing against it. */
class FaultyUpstreamIT {
    private static final List<Surface> SURFACES = Surface.all().toList();
    private static final Duration SOON = Duration.ofSeconds(2);
    private static final Map<String, String> HASTY = Map.of(
            "first-byte-timeout",
            "1s",
            "stream-idle-timeout",
            "300ms",
            "response-body-limit",
            Integer.toString(1 << 20));

    static Stream<UpstreamFault> brokenConnections() {
        return UpstreamFault.of(Row.BROKEN_CONNECTION);
    }

    static Stream<UpstreamFault> brokenAnswers() {
        return UpstreamFault.of(Row.BROKEN_ANSWER);
    }

    static Stream<UpstreamFault> largeAnswers() {
        return UpstreamFault.of(Row.LARGE_ANSWER);
    }

    static Stream<UpstreamFault> refusals() {
        return UpstreamFault.of(Row.EARLY_REFUSAL);
    }

    static Stream<UpstreamFault> silences() {
        return UpstreamFault.of(Row.NO_ANSWER);
    }

    static Stream<UpstreamFault> redirects() {
        return UpstreamFault.of(Row.REDIRECT);
    }

    @ParameterizedTest
    @MethodSource("brokenConnections")
    @Proves(Row.BROKEN_CONNECTION)
    void broken_connection_is_502_after_one_call_on_every_surface(UpstreamFault fault) {
        isToldAfterOneCall(fault);

        Figures.seen(
                Row.BROKEN_CONNECTION,
                "broken_connection_is_502_after_one_call_on_every_surface",
                seen(brokenConnections(), "502"));
    }

    @ParameterizedTest
    @MethodSource("brokenAnswers")
    @Proves(Row.BROKEN_ANSWER)
    void broken_answer_is_502_and_never_200_on_every_surface(UpstreamFault fault) {
        isToldAfterOneCall(fault);

        Figures.seen(
                Row.BROKEN_ANSWER, "broken_answer_is_502_and_never_200_on_every_surface", seen(brokenAnswers(), "502"));
    }

    @ParameterizedTest
    @MethodSource("largeAnswers")
    @Proves(Row.LARGE_ANSWER)
    void large_answer_is_cut_off_at_its_limit_on_every_surface(UpstreamFault fault) {
        isToldAfterOneCall(fault);

        Figures.seen(
                Row.LARGE_ANSWER,
                "large_answer_is_cut_off_at_its_limit_on_every_surface",
                seen(largeAnswers(), "502") + " after 1 MiB of 256 and of 64");
    }

    @ParameterizedTest
    @MethodSource("redirects")
    @Proves(Row.REDIRECT)
    void redirect_is_502_and_not_followed_on_every_surface(UpstreamFault fault) {
        isToldAfterOneCall(fault);

        Figures.seen(Row.REDIRECT, "redirect_is_502_and_not_followed_on_every_surface", seen(redirects(), "502"));
    }

    @ParameterizedTest
    @MethodSource("silences")
    @Proves(Row.NO_ANSWER)
    void no_answer_is_504_at_its_time_on_every_surface(UpstreamFault fault) {
        isToldAfterOneCall(fault);

        Figures.seen(Row.NO_ANSWER, "no_answer_is_504_at_its_time_on_every_surface", seen(silences(), "504 after 1 s"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    @Proves(Row.EARLY_REFUSAL)
    void early_refusal_keeps_its_status_on_every_surface_streamed_or_not(UpstreamFault fault) {
        isToldAfterOneCall(fault);

        Figures.seen(
                Row.EARLY_REFUSAL,
                "early_refusal_keeps_its_status_on_every_surface_streamed_or_not",
                seen(refusals(), "its own status, with Retry-After"));
    }

    @ParameterizedTest
    @EnumSource(StreamFault.class)
    @Proves(Row.LATE_FAULT)
    void late_fault_ends_every_stream_with_an_error_and_without_done(StreamFault fault) {
        List<Surface> streamed = SURFACES.stream().filter(Surface::streams).toList();
        for (Surface surface : streamed) {
            RawUpstream.Script script = talk -> {
                if (talk.readRequest()) {
                    talk.send(RawUpstream.STREAM_HEAD + RawUpstream.chunk(surface.firstEvent()));
                    fault.happen(talk);
                }
            };
            try (RawUpstream upstream = new RawUpstream(script);
                    TestGateway gateway = gateway(upstream)) {
                HttpResponse<String> answer = gateway.post(surface.path(), surface.json());

                List<String> events = TestGateway.events(answer);
                assertThat(answer.statusCode())
                        .as(surface + " " + answer.body())
                        .isEqualTo(200);
                assertThat(events).as(surface.toString()).hasSize(2);
                assertThat(events.get(0)).contains("hey");
                assertThat(events.get(1)).as(surface.toString()).startsWith("{\"error\":{");
                assertThat(upstream.requestCount()).as("calls upstream").isEqualTo(1);
                Eventually.within(SOON, "the upstream is let go", () -> upstream.openConnections() == 0);
            }
        }

        Figures.seen(
                Row.LATE_FAULT,
                "late_fault_ends_every_stream_with_an_error_and_without_done",
                StreamFault.values().length + " faults on " + streamed.size()
                        + " surfaces: the pieces before it, one error event, no [DONE], no second call");
    }

    private static void isToldAfterOneCall(UpstreamFault fault) {
        try (RawUpstream upstream = new RawUpstream(fault::instead);
                TestGateway gateway = gateway(upstream)) {
            List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            for (Surface surface : SURFACES) {
                answers.add(gateway.postAsync(surface.path(), surface.json()));
                if (!fault.takesTime()) {
                    answers.get(answers.size() - 1).join();
                }
            }

            for (int i = 0; i < answers.size(); i++) {
                check(fault, SURFACES.get(i), answers.get(i).join());
            }
            assertThat(upstream.requestCount()).as("calls upstream").isEqualTo(SURFACES.size());
        }
    }

    private static void check(UpstreamFault fault, Surface surface, HttpResponse<String> answer) {
        String told = surface + " " + answer.body();
        assertThat(answer.statusCode()).as(told).isEqualTo(fault.status());
        assertThat(surface.isFailure(answer.body())).as(told).isTrue();
        assertThat(answer.headers().firstValue("x-gateway-error-source")).contains("upstream");
        assertThat(answer.headers().firstValue("x-request-id")).isPresent();
        assertThat(answer.headers().firstValue("retry-after")).isEqualTo(fault.retryAfter());
    }

    private static TestGateway gateway(RawUpstream upstream) {
        return TestGateway.with(Surface.config(upstream.base(), "k", ""), HASTY);
    }

    private static String seen(Stream<UpstreamFault> faults, String answer) {
        return faults.count() + " kinds on " + SURFACES.size() + " surfaces: " + answer
                + ", in the surface's own shape; one call upstream each";
    }
}
