package io.mlflowgateway.server.query;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What a model's tokens cost, each class for itself; calls with a long prompt may cost otherwise. Money is whole
 * pico-dollars (millionths of a millionth of a dollar), since that is what a price of up to six decimals for a million
 * tokens is for one: sums are exact and allocate nothing. A sum past {@link Long#MAX_VALUE}, nine million dollars, stays
 * there. Immutable.
 */
public final class Price {
    /** What costs nothing. */
    public static final Price FREE = new Price(new long[TokenClass.values().length], new long[0], new long[0][]);

    private static final int PICO_FOR_ONE_DIGITS = 6;
    private static final BigDecimal MOST = BigDecimal.valueOf(1_000_000_000_000L);

    private final long[] base;
    private final long[] above;
    private final long[][] steps;

    private Price(long[] base, long[] above, long[][] steps) {
        this.base = base;
        this.above = above;
        this.steps = steps;
    }

    /**
     * A price that is the same for prompts of any length. A class without one costs what its {@link TokenClass#plain()}
     * does; input and output without one cost nothing.
     *
     * @param usdPerMillion zero or more each; what is more precise than six decimals is rounded up
     */
    public static Price of(Map<TokenClass, BigDecimal> usdPerMillion) {
        return new Price(rates(usdPerMillion, FREE.base, false), new long[0], new long[0][]);
    }

    /**
     * The same where another price holds for calls with more prompt tokens than this, all of their tokens alike. What it
     * says nothing of stays as it is.
     *
     * @param promptTokens more than in any step before
     */
    public Price above(long promptTokens, Map<TokenClass, BigDecimal> usdPerMillion) {
        List<long[]> more = new ArrayList<>(Arrays.asList(steps));
        more.add(rates(usdPerMillion, base, true));
        long[] thresholds = Arrays.copyOf(above, above.length + 1);
        thresholds[above.length] = promptTokens;
        return new Price(base, thresholds, more.toArray(new long[0][]));
    }

    private static long[] rates(Map<TokenClass, BigDecimal> usdPerMillion, long[] otherwise, boolean keep) {
        long[] rates = new long[otherwise.length];
        // A class stands behind the one whose price it has where it has none.
        for (TokenClass each : TokenClass.values()) {
            int plain = each.plain().ordinal();
            boolean hadItsOwn = keep && otherwise[each.ordinal()] != otherwise[plain];
            if (usdPerMillion.containsKey(each)) {
                rates[each.ordinal()] = pico(usdPerMillion.get(each));
            } else {
                rates[each.ordinal()] = each.plain() == each || hadItsOwn ? otherwise[each.ordinal()] : rates[plain];
            }
        }
        return rates;
    }

    private static long pico(BigDecimal usdPerMillion) {
        return usdPerMillion
                .min(MOST)
                .movePointRight(PICO_FOR_ONE_DIGITS)
                .setScale(0, RoundingMode.UP)
                .longValueExact();
    }

    /** What a call costs that used so much, in pico-dollars. */
    public long picoUsd(Usage usage) {
        long[] rates = rates(usage.promptTokens());
        long sum = times(rates[TokenClass.INPUT.ordinal()], usage.input());
        sum = plus(sum, times(rates[TokenClass.OUTPUT.ordinal()], usage.output()));
        sum = plus(sum, times(rates[TokenClass.CACHE_READ.ordinal()], usage.cacheRead()));
        sum = plus(sum, times(rates[TokenClass.CACHE_WRITE.ordinal()], usage.cacheWrite()));
        sum = plus(sum, times(rates[TokenClass.CACHE_WRITE_1H.ordinal()], usage.cacheWriteHour()));
        sum = plus(sum, times(rates[TokenClass.REASONING.ordinal()], usage.reasoning()));
        sum = plus(sum, times(rates[TokenClass.AUDIO_INPUT.ordinal()], usage.audioInput()));
        sum = plus(sum, times(rates[TokenClass.AUDIO_OUTPUT.ordinal()], usage.audioOutput()));
        return plus(sum, times(rates[TokenClass.IMAGE_INPUT.ordinal()], usage.imageInput()));
    }

    /** What one token of the class costs in a call with so long a prompt, in pico-dollars. */
    public long picoUsd(TokenClass each, long promptTokens) {
        return rates(promptTokens)[each.ordinal()];
    }

    private long[] rates(long promptTokens) {
        for (int i = above.length - 1; i >= 0; i--) {
            if (promptTokens > above[i]) {
                return steps[i];
            }
        }
        return base;
    }

    private static long times(long rate, long tokens) {
        boolean fits = Math.multiplyHigh(rate, tokens) == 0 && rate * tokens >= 0;
        return fits ? rate * tokens : Long.MAX_VALUE;
    }

    private static long plus(long one, long other) {
        long sum = one + other;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Price price
                && Arrays.equals(base, price.base)
                && Arrays.equals(above, price.above)
                && Arrays.deepEquals(steps, price.steps);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(base) + 31 * Arrays.hashCode(above);
    }

    /** Pico-dollars for one token, by class; then the same for longer prompts. */
    @Override
    public String toString() {
        return "Price" + Arrays.toString(base) + Arrays.toString(above) + Arrays.deepToString(steps);
    }
}
