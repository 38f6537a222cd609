package io.mlflowgateway.langchain4j.fallback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.exception.InternalServerException;
import io.mlflowgateway.langchain4j.failure.FailureDetails;
import io.mlflowgateway.langchain4j.failure.GatewayFailure;
import io.mlflowgateway.langchain4j.failure.GatewayRateLimitException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MembersTest {

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
    private final Member<String> first = new Member<>("first", "1", 5);
    private final Member<String> second = new Member<>("second", "2", 1);
    private final Member<String> third = new Member<>("third", "3", 1);

    @Test
    void in_order_the_first_is_first_again_after_its_rest() {
        Members<String> members = members(FallbackOrder.IN_ORDER);

        members.failed(first, new InternalServerException("down"));

        assertThat(names(members)).containsExactly("second", "third", "first");
        pass(Duration.ofSeconds(10));
        assertThat(names(members)).containsExactly("first", "second", "third");
    }

    @Test
    void those_that_rest_are_last_and_soonest_back_first() {
        Members<String> members = members(FallbackOrder.IN_ORDER);

        members.failed(third, new InternalServerException("down"));
        pass(Duration.ofSeconds(1));
        members.failed(first, new InternalServerException("down"));

        assertThat(names(members)).containsExactly("second", "third", "first");
    }

    @Test
    void a_member_that_answers_rests_no_more() {
        Members<String> members = members(FallbackOrder.IN_ORDER);
        members.failed(first, new InternalServerException("down"));

        members.answered(first);

        assertThat(names(members)).first().isEqualTo("first");
    }

    @Test
    void a_member_whose_server_asked_to_be_left_alone_is_not_called_until_then() {
        Members<String> members = members(FallbackOrder.IN_ORDER);

        members.failed(first, limited(Duration.ofSeconds(30)));

        assertThat(names(members)).containsExactly("second", "third");
        pass(Duration.ofSeconds(29));
        assertThat(names(members)).containsExactly("second", "third");
        pass(Duration.ofSeconds(1));
        assertThat(names(members)).containsExactly("first", "second", "third");
    }

    @Test
    void no_server_is_left_alone_longer_than_the_cap() {
        Members<String> members = members(FallbackOrder.IN_ORDER);

        members.failed(first, limited(Duration.ofDays(3)));
        pass(Duration.ofMinutes(5));

        assertThat(names(members)).first().isEqualTo("first");
    }

    @Test
    void when_all_asked_to_be_left_alone_the_call_fails_and_says_who_is_back_when() {
        Members<String> members = members(FallbackOrder.ROUND_ROBIN);
        GatewayRateLimitException limited = limited(Duration.ofSeconds(20));

        members.failed(first, limited(Duration.ofSeconds(60)));
        members.failed(second, limited);
        members.failed(third, limited(Duration.ofSeconds(40)));

        assertThatThrownBy(members::forCall)
                .isInstanceOf(GatewayRateLimitException.class)
                .hasMessage("All of first, second, third asked to be left alone; second is back in PT20S")
                .hasCause(limited)
                .satisfies(failure -> assertThat(
                                ((GatewayFailure) failure).details().retryAfter())
                        .contains(Duration.ofSeconds(20)));
    }

    @Test
    void turns_are_taken_by_weight_and_spread() {
        Members<String> members = members(FallbackOrder.ROUND_ROBIN);
        List<String> firsts = new ArrayList<>();

        for (int call = 0; call < 14; call++) {
            firsts.add(names(members).get(0));
        }

        assertThat(counts(firsts)).isEqualTo(Map.of("first", 10, "second", 2, "third", 2));
        assertThat(counts(firsts.subList(0, 7))).isEqualTo(Map.of("first", 5, "second", 1, "third", 1));
        assertThat(firsts.subList(0, 5)).as("spread, not in blocks").contains("second");
    }

    @Test
    void a_resting_member_takes_no_turns() {
        Members<String> members = members(FallbackOrder.ROUND_ROBIN);
        members.failed(first, new InternalServerException("down"));

        assertThat(names(members)).containsExactly("second", "third", "first");
        assertThat(names(members)).containsExactly("third", "second", "first");
    }

    @Test
    void no_more_are_tried_than_allowed() {
        Members<String> members = new Members<>(
                List.of(first, second, third),
                FallbackOrder.IN_ORDER,
                new Members.Rests(Duration.ZERO, Duration.ZERO),
                2,
                Worthwhile::after,
                now::get);

        assertThat(names(members)).containsExactly("first", "second");
    }

    private Members<String> members(FallbackOrder order) {
        return new Members<>(
                List.of(first, second, third),
                order,
                new Members.Rests(Duration.ofSeconds(10), Duration.ofMinutes(5)),
                3,
                Worthwhile::after,
                now::get);
    }

    private static List<String> names(Members<String> members) {
        return members.forCall().stream().map(Member::name).toList();
    }

    private static Map<String, Integer> counts(List<String> names) {
        Map<String, Integer> counts = new TreeMap<>();
        names.forEach(name -> counts.merge(name, 1, Integer::sum));
        return counts;
    }

    private static GatewayRateLimitException limited(Duration retryAfter) {
        FailureDetails details = new FailureDetails(
                OptionalInt.of(429),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(retryAfter),
                Optional.empty(),
                Optional.empty(),
                1);
        return new GatewayRateLimitException("slow down", details, null);
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }
}
