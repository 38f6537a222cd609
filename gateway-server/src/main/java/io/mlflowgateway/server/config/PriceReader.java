package io.mlflowgateway.server.config;

import io.mlflowgateway.server.query.TokenClass;
import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads what tokens cost: USD for a million, by class. What is odd about the numbers is a warning. */
final class PriceReader {
    private static final List<String> WORDS = TokenClass.words();
    private static final BigDecimal FEWEST = new BigDecimal("0.0005");
    private static final BigDecimal MOST = BigDecimal.valueOf(10_000);

    /** The models there are ask at most eight times as much for what they write as for what they read. */
    private static final BigDecimal STEEP = BigDecimal.valueOf(100);

    private PriceReader() {}

    /** The price that stands here; empty where something is wrong with it, which the report then says. */
    static Optional<RouteConfig.Price> read(Cursor at) {
        if (!at.mustBeMapping("a mapping with input and output")) {
            return Optional.empty();
        }
        at.fields().keySet().stream()
                .filter(key -> !WORDS.contains(key))
                .forEach(key -> at.missing(
                        key,
                        "is no class of tokens that has a price" + Shown.didYouMean(key, WORDS) + "; one of "
                                + Shown.list(WORDS)));
        List.of(TokenClass.INPUT, TokenClass.OUTPUT).stream()
                .map(TokenClass::word)
                .filter(key -> at.at(key).isEmpty())
                .forEach(key -> at.missing(key, "is missing; USD for a million tokens"));
        Map<TokenClass, BigDecimal> amounts = new EnumMap<>(TokenClass.class);
        for (TokenClass each : TokenClass.values()) {
            at.at(each.word()).ifPresent(found -> amount(found).ifPresent(usd -> amounts.put(each, usd)));
        }
        if (!amounts.containsKey(TokenClass.INPUT) || !amounts.containsKey(TokenClass.OUTPUT)) {
            return Optional.empty();
        }
        RouteConfig.Price price = new RouteConfig.Price(amounts);
        warnOfSteep(at, price);
        warnOfDearCache(at, price);
        return Optional.of(price);
    }

    private static Optional<BigDecimal> amount(Cursor at) {
        Optional<BigDecimal> amount = Scalars.amount(at);
        if (amount.filter(usd -> usd.signum() > 0 && usd.compareTo(FEWEST) < 0).isPresent()) {
            at.warning("is less than any model costs; prices are USD for a million tokens, not for one");
        }
        if (amount.filter(usd -> usd.compareTo(MOST) > 0).isPresent()) {
            at.warning("is more than any model costs; prices are USD for a million tokens");
        }
        return amount;
    }

    private static void warnOfSteep(Cursor at, RouteConfig.Price price) {
        boolean steep = price.inputUsd().signum() > 0
                && price.outputUsd().compareTo(price.inputUsd().multiply(STEEP)) > 0;
        if (steep) {
            at.at(TokenClass.OUTPUT.word())
                    .ifPresent(output ->
                            output.warning("is more than " + STEEP + " times the price of input; is that meant?"));
        }
    }

    private static void warnOfDearCache(Cursor at, RouteConfig.Price price) {
        BigDecimal read = price.usdPerMillion().getOrDefault(TokenClass.CACHE_READ, BigDecimal.ZERO);
        if (read.compareTo(price.inputUsd()) > 0) {
            at.at(TokenClass.CACHE_READ.word())
                    .ifPresent(found -> found.warning("is more than the price of input; is that meant?"));
        }
    }
}
