package io.mlflowgateway.server.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.mlflowgateway.server.query.Call;
import io.mlflowgateway.server.query.Query;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.testing.Calls;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class BalanceTest {
    private final AtomicLong nanos = new AtomicLong();
    private final Call call = Calls.of(Calls.route("r", Optional.empty()));

    @Test
    void by_weight_every_hundred_calls_are_split_exactly() {
        Balance balance = Balance.weighted(List.of(candidate("a", 70), candidate("b", 20), candidate("c", 10)));

        for (int round = 0; round < 3; round++) {
            Map<String, Integer> shares = shares(balance, 100);

            assertThat(shares).isEqualTo(Map.of("a", 70, "b", 20, "c", 10));
        }
    }

    @Test
    void by_weight_equal_targets_take_turns() {
        Balance balance = Balance.weighted(List.of(candidate("a", 50), candidate("b", 50)));

        List<String> first =
                IntStream.range(0, 6).mapToObj(i -> first(balance, call)).toList();

        assertThat(first).containsExactly("a", "b", "a", "b", "a", "b");
    }

    @Test
    void those_of_weight_0_come_last_as_they_stand_in_the_file() {
        List<Candidate> candidates =
                List.of(candidate("s1", 0), candidate("a", 1), candidate("s2", 0), candidate("b", 2));

        List<Balance> balances = List.of(
                Balance.inOrder(candidates),
                Balance.weighted(candidates),
                Balance.leastBusy(candidates),
                Balance.lowestLatency(candidates),
                Balance.cheapest(candidates),
                Balance.sticky(called -> Optional.of("k"), candidates, Balance.inOrder(candidates)));

        assertThat(balances)
                .allSatisfy(balance -> assertThat(names(balance, call))
                        .containsExactlyInAnyOrder("a", "b", "s1", "s2")
                        .endsWith("s1", "s2"));
    }

    @Test
    void in_order_means_in_the_files_order() {
        Balance balance = Balance.inOrder(List.of(candidate("b", 1), candidate("a", 5)));

        assertThat(names(balance, call)).containsExactly("b", "a");
    }

    @Test
    void the_least_busy_target_for_its_weight_comes_first() {
        Candidate big = candidate("big", 3);
        Candidate small = candidate("small", 1);
        Balance balance = Balance.leastBusy(List.of(small, big));
        Map<String, Integer> shares = new HashMap<>();

        for (int i = 0; i < 40; i++) {
            Candidate chosen = balance.order(call).get(0);
            begins(chosen);
            shares.merge(chosen.name(), 1, Integer::sum);
        }

        assertThat(shares).isEqualTo(Map.of("big", 30, "small", 10));
    }

    @Test
    void the_target_that_answers_first_comes_first_until_it_is_busy() {
        Candidate slow = candidate("slow", 1);
        Candidate fast = candidate("fast", 1);
        answers(slow, Duration.ofMillis(400));
        answers(fast, Duration.ofMillis(100));
        Balance balance = Balance.lowestLatency(List.of(slow, fast));

        String idle = first(balance, call);
        IntStream.range(0, 4).forEach(i -> begins(fast));
        String busy = first(balance, call);

        assertThat(idle).isEqualTo("fast");
        assertThat(busy).isEqualTo("slow");
    }

    @Test
    void a_target_nobody_knows_gets_one_call_until_it_has_answered() {
        Candidate known = candidate("known", 1);
        Candidate fresh = candidate("fresh", 1);
        answers(known, Duration.ofMillis(100));
        Balance balance = Balance.lowestLatency(List.of(known, fresh));

        String before = first(balance, call);
        begins(fresh);
        String after = first(balance, call);

        assertThat(before).isEqualTo("fresh");
        assertThat(after).isEqualTo("known");
    }

    @Test
    void the_cheapest_target_comes_first_and_equals_take_turns() {
        Balance balance = Balance.cheapest(
                List.of(priced("dear", "30"), priced("a", "0.6"), priced("b", "0.60"), priced("middle", "3")));

        Map<String, Integer> shares = shares(balance, 10);

        assertThat(shares).isEqualTo(Map.of("a", 5, "b", 5));
        assertThat(names(balance, call)).endsWith("middle", "dear");
    }

    @Test
    void calls_of_one_key_go_to_one_target_and_all_keys_by_weight() {
        List<Candidate> candidates = List.of(candidate("a", 70), candidate("b", 30));
        Balance balance = Balance.sticky(StickyKey.ofBody("user"), candidates, Balance.inOrder(candidates));
        int keys = 10_000;
        int toA = 0;

        for (int i = 0; i < keys; i++) {
            Call keyed = ofUser("session-" + i);
            List<String> order = names(balance, keyed);
            toA += order.get(0).equals("a") ? 1 : 0;
            assertThat(names(balance, keyed)).isEqualTo(order);
        }

        assertThat((double) toA / keys).isCloseTo(0.7, within(0.02));
    }

    @Test
    void a_target_that_goes_moves_only_the_keys_it_had() {
        List<Candidate> three = List.of(candidate("a", 1), candidate("b", 1), candidate("c", 1));
        Balance before = Balance.sticky(StickyKey.ofBody("user"), three, Balance.inOrder(three));
        Balance after = Balance.sticky(StickyKey.ofBody("user"), three.subList(0, 2), Balance.inOrder(three));

        for (int i = 0; i < 1_000; i++) {
            Call keyed = ofUser("u" + i);
            String was = first(before, keyed);

            assertThat(first(after, keyed))
                    .isEqualTo(was.equals("c") ? names(before, keyed).get(1) : was);
        }
    }

    @Test
    void calls_without_a_key_are_balanced_as_others() {
        List<Candidate> candidates = List.of(candidate("a", 1), candidate("b", 1));
        Balance balance = Balance.sticky(StickyKey.ofBody("user"), candidates, Balance.weighted(candidates));

        Map<String, Integer> shares = shares(balance, 10);

        assertThat(shares).isEqualTo(Map.of("a", 5, "b", 5));
    }

    private Candidate candidate(String name, int weight) {
        return new Candidate(
                name, weight, called -> Mono.just(Calls.ANSWER), new TargetHealth(nanos::get), BigDecimal.ZERO);
    }

    private Candidate priced(String name, String price) {
        return new Candidate(
                name, 1, called -> Mono.just(Calls.ANSWER), new TargetHealth(nanos::get), new BigDecimal(price));
    }

    private static void begins(Candidate candidate) {
        assertThat(candidate.health().tryBegin()).isPresent();
    }

    private void answers(Candidate candidate, Duration after) {
        Trial trial = candidate.health().tryBegin().orElseThrow();
        nanos.addAndGet(after.toNanos());
        trial.answered();
        trial.ended();
    }

    private Map<String, Integer> shares(Balance balance, int calls) {
        Map<String, Integer> shares = new HashMap<>();
        IntStream.range(0, calls).forEach(i -> shares.merge(first(balance, call), 1, Integer::sum));
        return shares;
    }

    private static String first(Balance balance, Call call) {
        return names(balance, call).get(0);
    }

    private static List<String> names(Balance balance, Call call) {
        return balance.order(call).stream().map(Candidate::name).toList();
    }

    private Call ofUser(String user) {
        Query query = new Query(
                Task.CHAT,
                Calls.body("{\"messages\":[],\"user\":\"" + user + "\"}"),
                false,
                false,
                Query.TemperatureRange.ZERO_TO_TWO);
        return new Call("id", call.principal(), call.route(), query, call.deadline(), call.notes());
    }
}
