package io.mlflowgateway.server.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.config.RouteConfig;
import io.mlflowgateway.server.config.Routing;
import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.query.Failure;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TargetStatesTest {
    private static final Optional<Routing.Breaker> BREAKER =
            Optional.of(new Routing.Breaker(1, Duration.ofSeconds(30), Duration.ofSeconds(30)));

    private final AtomicLong nanos = new AtomicLong();
    private final TargetStates states = new TargetStates(nanos::get);

    @Test
    void a_target_that_did_not_change_keeps_its_state() {
        TargetHealth before = inForce("chat", "m1", 90, BREAKER);
        before.tryBegin().orElseThrow().failed(Failure.of(Failure.Kind.UPSTREAM_UNREACHABLE, "gone"), Optional.empty());

        TargetHealth after = inForce("chat", "m1", 10, BREAKER);

        assertThat(after).isSameAs(before);
        assertThat(after.tryBegin()).isEmpty();
    }

    @Test
    void another_model_another_breaker_or_another_route_begins_anew() {
        TargetHealth before = inForce("chat", "m1", 90, BREAKER);

        assertThat(inForce("chat", "m2", 90, BREAKER)).isNotSameAs(before);
        assertThat(inForce("chat", "m1", 90, Optional.empty())).isNotSameAs(before);
        assertThat(inForce("other", "m1", 90, BREAKER)).isNotSameAs(before);
    }

    @Test
    void what_left_the_configuration_is_forgotten() {
        TargetHealth before = inForce("chat", "m1", 90, BREAKER);
        inForce("other", "m1", 90, BREAKER);

        TargetHealth again = inForce("chat", "m1", 90, BREAKER);

        assertThat(again).isNotSameAs(before);
    }

    @Test
    void a_table_that_never_comes_in_force_changes_nothing() {
        TargetHealth before = inForce("chat", "m1", 90, BREAKER);

        states.next().retries("other", 20);

        assertThat(inForce("chat", "m1", 90, BREAKER)).isSameAs(before);
    }

    @Test
    void a_budget_is_kept_while_its_share_stays_the_same() {
        TargetStates.Next first = states.next();
        RetryBudget before = first.retries("chat", 20);
        first.keep();

        TargetStates.Next second = states.next();

        assertThat(second.retries("chat", 20)).isSameAs(before);
        assertThat(second.retries("chat", 10)).isNotSameAs(before);
    }

    private TargetHealth inForce(String route, String model, int weight, Optional<Routing.Breaker> breaker) {
        TargetStates.Next next = states.next();
        RouteConfig.Target target = new RouteConfig.Target(route, "openai", model, Settings.NONE, weight);
        TargetHealth health = next.health(route, "first", target, breaker, true);
        next.keep();
        return health;
    }
}
