package io.mlflowgateway.server.query;

import java.math.BigDecimal;

/** Money as text. */
public final class Usd {
    private static final int PICO_DIGITS = 12;
    private static final double PICO = 1e12;

    private Usd() {}

    /** Pico-dollars as dollars: a plain decimal number without exponent or needless zeros, {@code 0.00123}. */
    public static String text(long pico) {
        return pico == 0
                ? "0"
                : BigDecimal.valueOf(pico, PICO_DIGITS).stripTrailingZeros().toPlainString();
    }

    /** Pico-dollars as dollars, for sums that need not be exact. */
    public static double dollars(long pico) {
        return pico / PICO;
    }
}
