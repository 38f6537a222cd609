package io.mlflowgateway.server.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.query.Call;
import io.mlflowgateway.server.testing.Calls;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class TrafficSplitTest {
    private final List<String> asked = new ArrayList<>();
    private final Call call = Calls.of(Calls.route("r", Optional.empty()));

    @Test
    void every_hundred_calls_are_split_exactly_by_weight() {
        TrafficSplit split = new TrafficSplit(List.of(target("a"), target("b"), target("c")), List.of(70, 20, 10));

        for (int round = 0; round < 3; round++) {
            asked.clear();
            for (int i = 0; i < 100; i++) {
                StepVerifier.create(split.answer(call)).expectNextCount(1).verifyComplete();
            }

            assertThat(asked).filteredOn("a"::equals).hasSize(70);
            assertThat(asked).filteredOn("b"::equals).hasSize(20);
            assertThat(asked).filteredOn("c"::equals).hasSize(10);
        }
    }

    @Test
    void the_light_target_is_not_asked_in_one_run() {
        TrafficSplit split = new TrafficSplit(List.of(target("a"), target("b")), List.of(50, 50));

        for (int i = 0; i < 6; i++) {
            StepVerifier.create(split.answer(call)).expectNextCount(1).verifyComplete();
        }

        assertThat(asked).containsExactly("a", "b", "a", "b", "a", "b");
    }

    private CallTarget target(String name) {
        return called -> {
            asked.add(name);
            return Mono.just(Calls.ANSWER);
        };
    }
}
