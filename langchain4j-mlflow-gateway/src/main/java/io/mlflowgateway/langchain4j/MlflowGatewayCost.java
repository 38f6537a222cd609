package io.mlflowgateway.langchain4j;

import java.math.BigDecimal;

/**
 * What something cost.
 *
 * @param amount without trailing zeros, so that equal amounts are equal
 * @param currency ISO 4217's code such as {@code USD}, or the server's own word where it counts in something else
 */
public record MlflowGatewayCost(BigDecimal amount, String currency) {
    /** Refuses a currency without a name. */
    public MlflowGatewayCost {
        if (currency.isBlank()) {
            throw new IllegalArgumentException("a cost needs a currency");
        }
        amount = amount.signum() == 0 ? BigDecimal.ZERO : amount.stripTrailingZeros();
    }

    /** Such as {@code 0.0021 USD}. */
    @Override
    public String toString() {
        return amount.toPlainString() + " " + currency;
    }
}
