package io.mlflowgateway.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.output.TokenUsage;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

class TokenUsageTest {

    @Test
    void sums_keep_what_only_our_usage_knows() {
        MlflowGatewayTokenUsage one = new MlflowGatewayTokenUsage(10, 5, 15, 4, 2);
        MlflowGatewayTokenUsage two = new MlflowGatewayTokenUsage(1, 2, 3, null, 1);

        assertThat(TokenUsage.sum(one, two)).isEqualTo(new MlflowGatewayTokenUsage(11, 7, 18, 4, 3));
        assertThat(TokenUsage.sum(new TokenUsage(1, 1), one)).isEqualTo(new MlflowGatewayTokenUsage(11, 6, 17, 4, 2));
        assertThat(one.add(new TokenUsage(1, 1))).isEqualTo(new MlflowGatewayTokenUsage(11, 6, 17, 4, 2));
        assertThat(one.add(null)).isSameAs(one);
    }

    @Test
    void a_missing_total_is_the_sum() {
        assertThat(new MlflowGatewayTokenUsage(3, 4, null, null, null).totalTokenCount())
                .isEqualTo(7);
        assertThat(new MlflowGatewayTokenUsage(null, null, null, null, null).totalTokenCount())
                .isNull();
    }

    @Test
    void costs_of_one_currency_are_added_exactly() {
        MlflowGatewayTokenUsage one = paid("0.1", "USD");

        MlflowGatewayTokenUsage sum = one.add(paid("0.2", "USD")).add(new TokenUsage(1, 1));

        assertThat(sum.cost()).isEqualTo(cost("0.3", "USD"));
        assertThat(TokenUsage.sum(new TokenUsage(1, 1), one)).isEqualTo(one.add(new TokenUsage(1, 1)));
    }

    @Test
    void costs_of_different_currencies_have_no_sum_and_none_is_lost() {
        MlflowGatewayTokenUsage sum = paid("0.1", "USD").add(paid("7", "DBU")).add(paid("0.2", "USD"));

        assertThat(sum.cost()).isNull();
        assertThat(sum.costs()).containsExactly(cost("7", "DBU"), cost("0.3", "USD"));
        assertThat(sum.add(paid("1", "DBU")).costs()).containsExactly(cost("8", "DBU"), cost("0.3", "USD"));
    }

    @Test
    void everything_survives_the_builder_and_counts() {
        MlflowGatewayTokenUsage full = new MlflowGatewayTokenUsage(1, 2, 4, 5, 6)
                .toBuilder().cost(cost("1", "USD")).build();

        assertThat(full.toBuilder().build()).isEqualTo(full).hasSameHashCodeAs(full);
        assertThat(full.toString()).contains("1 USD", "cachedTokens=5", "reasoningTokens=6");
        assertThat(full.toBuilder().cost(null).build()).isNotEqualTo(full);
        assertThat(full.toBuilder().cachedTokens(9).build()).isNotEqualTo(full);
        assertThat(full.toBuilder().totalTokenCount(null).build().totalTokenCount())
                .isEqualTo(3);
    }

    private static MlflowGatewayTokenUsage paid(String amount, String currency) {
        return MlflowGatewayTokenUsage.builder().cost(cost(amount, currency)).build();
    }

    private static MlflowGatewayCost cost(String amount, String currency) {
        return new MlflowGatewayCost(new BigDecimal(amount), currency);
    }
}
