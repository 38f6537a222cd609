package io.mlflowgateway.server.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PriceTest {
    private static Price price(String... amounts) {
        return Price.of(map(amounts));
    }

    private static Map<TokenClass, BigDecimal> map(String... amounts) {
        Map<TokenClass, BigDecimal> map = new HashMap<>();
        Arrays.stream(amounts)
                .map(amount -> amount.split("=", -1))
                .forEach(pair -> map.put(TokenClass.ofWord(pair[0]).orElseThrow(), new BigDecimal(pair[1])));
        return map;
    }

    private static String cost(Price price, Usage usage) {
        return Usd.text(price.picoUsd(usage));
    }

    @Test
    void every_class_costs_its_own() {
        Price price = price(
                "input=1",
                "output=10",
                "cache_read=100",
                "cache_write=1000",
                "cache_write_1h=100000000",
                "reasoning=10000",
                "audio_input=100000",
                "audio_output=1000000",
                "image_input=10000000");

        assertThat(cost(price, new Usage(1, 2, 3, 9, 4, 5, 6, 7, 8, false))).isEqualTo("987.653241");
    }

    @Test
    void what_is_cached_for_an_hour_costs_what_is_cached_where_it_has_no_price_of_its_own() {
        Usage hour = new Usage(0, 0, 0, 1, 0, 0, 0, 0, 0, false);

        assertThat(cost(price("input=1", "output=10"), hour)).isEqualTo("0.000001");
        assertThat(cost(price("input=1", "output=10", "cache_write=2"), hour)).isEqualTo("0.000002");
        assertThat(cost(price("input=1", "output=10", "cache_write=2", "cache_write_1h=3"), hour))
                .isEqualTo("0.000003");
    }

    @Test
    void what_is_cached_for_an_hour_follows_what_is_cached_over_a_step() {
        Usage hour = new Usage(101, 0, 0, 1, 0, 0, 0, 0, 0, false);
        Map<TokenClass, BigDecimal> step = map("input=10", "cache_write=20");

        assertThat(cost(price("input=1", "output=10", "cache_write=2").above(100, step), hour))
                .isEqualTo("0.00103");
        assertThat(cost(
                        price("input=1", "output=10", "cache_write=2", "cache_write_1h=3")
                                .above(100, step),
                        hour))
                .isEqualTo("0.001013");
    }

    @Test
    void a_class_without_a_price_costs_what_is_plainly_read_or_written() {
        Price price = price("input=1", "output=10");

        assertThat(cost(price, new Usage(1, 1, 1, 0, 0, 1, 0, 1, false))).isEqualTo("0.000005");
        assertThat(cost(price, new Usage(0, 0, 0, 1, 1, 0, 1, 0, false))).isEqualTo("0.00003");
    }

    @Test
    void a_call_costs_otherwise_from_a_prompt_that_is_longer_than_the_step() {
        Price price = price("input=1", "output=10", "cache_read=0.5").above(100, map("input=2", "output=20"));

        assertThat(cost(price, new Usage(100, 0))).isEqualTo("0.0001");
        assertThat(cost(price, new Usage(101, 1))).isEqualTo("0.000222");
        assertThat(cost(price, new Usage(1, 100, 0, 0, 0, 0, 0, 0, false))).isEqualTo("0.000052");
    }

    @Test
    void a_class_without_a_price_follows_what_is_plainly_written_over_a_step() {
        Price price = price("input=1", "output=10", "cache_read=0.5").above(100, map("input=2", "output=20"));

        assertThat(cost(price, new Usage(101, 0, 0, 0, 1, 0, 0, 0, false))).isEqualTo("0.000222");
    }

    @Test
    void no_sum_of_what_a_provider_claims_turns_over() {
        Usage claimed = new Usage(Long.MAX_VALUE, Long.MAX_VALUE, -5, Long.MAX_VALUE, 0, 0, 0, 0, false);

        assertThat(claimed.promptTokens()).isPositive();
        assertThat(claimed.totalTokens()).isGreaterThan(claimed.promptTokens());
        assertThat(claimed.cacheWrite()).isZero();
    }

    @Test
    void the_highest_step_that_is_passed_holds() {
        Price price = price("input=1", "output=1").above(10, map("input=2")).above(100, map("input=3"));

        assertThat(cost(price, new Usage(11, 0))).isEqualTo("0.000022");
        assertThat(cost(price, new Usage(1_000, 0))).isEqualTo("0.003");
    }

    @Test
    void sums_are_exact_where_a_double_is_not() {
        Price price = price("input=0.1", "output=0.2");

        assertThat(cost(price, new Usage(3, 0))).isEqualTo("0.0000003");
        assertThat(cost(price, new Usage(999_999_999, 999_999_999))).isEqualTo("299.9999997");
    }

    @Test
    void no_count_makes_a_cost_turn_over() {
        Price price = price("input=999999999", "output=999999999");

        assertThat(price.picoUsd(new Usage(Long.MAX_VALUE, Long.MAX_VALUE))).isEqualTo(Long.MAX_VALUE);
        assertThat(price.picoUsd(new Usage(5_000, 5_000))).isEqualTo(Long.MAX_VALUE);
        assertThat(price.picoUsd(new Usage(4_000, 0))).isEqualTo(3_999_999_996_000_000_000L);
    }

    @Test
    void what_is_finer_than_a_pico_dollar_is_rounded_up() {
        assertThat(cost(price("input=0.0000001", "output=0"), new Usage(1, 0))).isEqualTo("0.000000000001");
    }

    @ParameterizedTest
    @CsvSource({
        "0,0",
        "1,0.000000000001",
        "1230000000,0.00123",
        "2000000000000,2",
        "9223372036854775807,9223372.036854775807"
    })
    void money_is_a_plain_decimal_number(long pico, String text) {
        assertThat(Usd.text(pico)).isEqualTo(text);
    }

    @Test
    void sums_of_tokens_are_those_of_their_classes() {
        Usage usage = new Usage(1, 20, 300, 4, 50, 4_000, 600, 50_000, false);

        assertThat(usage.promptTokens()).isEqualTo(54_321);
        assertThat(usage.completionTokens()).isEqualTo(654);
        assertThat(usage.totalTokens()).isEqualTo(54_975);
    }
}
