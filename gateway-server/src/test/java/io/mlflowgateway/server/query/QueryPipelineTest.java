package io.mlflowgateway.server.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.testing.Calls;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class QueryPipelineTest {
    private final List<String> passed = new ArrayList<>();

    @Test
    void stages_are_passed_in_the_order_of_the_list_and_the_route_answers() {
        QueryPipeline pipeline = new QueryPipeline(List.of(noting("first"), noting("second")));
        Route route = Calls.route("r", Optional.empty(), Mono.fromSupplier(() -> {
            passed.add("route");
            return Calls.ANSWER;
        }));

        StepVerifier.create(pipeline.query(Calls.of(route)))
                .expectNext(Calls.ANSWER)
                .verifyComplete();

        assertThat(passed).containsExactly("first", "second", "route");
    }

    @Test
    void a_stage_that_refuses_keeps_the_call_from_the_rest() {
        Stage refusing = (call, next) -> Mono.error(Failure.of(Failure.Kind.FORBIDDEN, "no"));
        QueryPipeline pipeline = new QueryPipeline(List.of(refusing, noting("second")));

        StepVerifier.create(pipeline.query(Calls.of(Calls.route("r", Optional.empty()))))
                .verifyError(Failure.class);

        assertThat(passed).isEmpty();
    }

    @Test
    void a_stage_that_throws_fails_the_call_not_the_thread() {
        Stage throwing = (call, next) -> {
            throw Failure.of(Failure.Kind.RATE_LIMITED, "no");
        };
        QueryPipeline pipeline = new QueryPipeline(List.of(throwing));

        StepVerifier.create(pipeline.query(Calls.of(Calls.route("r", Optional.empty()))))
                .verifyError(Failure.class);
    }

    @Test
    void a_stage_that_goes_on_twice_has_the_rest_of_the_way_twice() {
        Stage repeating = (call, next) -> next.proceed(call).repeat(1).last();
        QueryPipeline pipeline = new QueryPipeline(List.of(repeating, noting("second")));

        StepVerifier.create(pipeline.query(Calls.of(Calls.route("r", Optional.empty()))))
                .expectNext(Calls.ANSWER)
                .verifyComplete();

        assertThat(passed).containsExactly("second", "second");
    }

    @Test
    void a_stage_that_answers_itself_leaves_the_rest_alone_whatever_it_prepared() {
        Stage answering = (call, next) -> {
            Mono<Reply> unused = next.proceed(call);
            return unused == null ? Mono.empty() : Mono.just(Calls.ANSWER);
        };
        QueryPipeline pipeline = new QueryPipeline(List.of(answering, noting("second")));

        StepVerifier.create(pipeline.query(Calls.of(Calls.route("r", Optional.empty()))))
                .expectNext(Calls.ANSWER)
                .verifyComplete();

        assertThat(passed).isEmpty();
    }

    @Test
    void nothing_happens_before_the_subscription() {
        QueryPipeline pipeline = new QueryPipeline(List.of(noting("first")));

        Mono<Reply> cold = pipeline.query(Calls.of(Calls.route("r", Optional.empty())));

        assertThat(passed).isEmpty();
        StepVerifier.create(cold).expectNextCount(1).verifyComplete();
    }

    private Stage noting(String name) {
        return (call, next) -> {
            passed.add(name);
            return next.proceed(call);
        };
    }
}
