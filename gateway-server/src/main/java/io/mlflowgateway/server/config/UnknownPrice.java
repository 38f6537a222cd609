package io.mlflowgateway.server.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What is done with calls of a model whose price nobody knows. */
enum UnknownPrice {
    /** They count as if they cost nothing. */
    ZERO,
    /** They count by {@code default_price:}. */
    DEFAULT,
    /** They are refused. */
    DENY;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static List<String> words() {
        return Arrays.stream(values()).map(UnknownPrice::word).toList();
    }

    static Optional<UnknownPrice> of(String word) {
        return Arrays.stream(values())
                .filter(found -> found.word().equals(word))
                .findFirst();
    }
}
