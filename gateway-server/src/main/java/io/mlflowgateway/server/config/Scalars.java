package io.mlflowgateway.server.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads single values of an entry; what is wrong is in the report, the answer then empty. */
final class Scalars {
    private static final Pattern DECIMAL = Pattern.compile("\\d{1,9}(?:\\.\\d{1,9})?");

    private Scalars() {}

    /** A whole number from the least to the most. */
    static Optional<Integer> count(Cursor at, int least, int most) {
        Optional<String> text = at.text();
        Optional<Integer> count = text.flatMap(Amount::count)
                .filter(number -> number >= least && number <= most)
                .map(Long::intValue);
        return found(at, text, count, "a whole number from " + least + " to " + most);
    }

    /** A time such as {@code 500ms}. */
    static Optional<Duration> duration(Cursor at, Duration least, Duration most) {
        Optional<String> text = at.text();
        Optional<Duration> time = text.flatMap(Amount::millis)
                .map(Duration::ofMillis)
                .filter(length -> length.compareTo(least) >= 0 && length.compareTo(most) <= 0);
        String bounds = " from " + Amount.ofMillis(least.toMillis()) + " to " + Amount.ofMillis(most.toMillis());
        return found(at, text, time, "a time such as 500ms, 5s or 2m" + bounds);
    }

    /** {@code true} or {@code false}. */
    static Optional<Boolean> flag(Cursor at) {
        Optional<String> text = at.text();
        Optional<Boolean> flag = text.filter(List.of("true", "false")::contains).map(Boolean::valueOf);
        return found(at, text, flag, "true or false");
    }

    /** A number that is zero or more, with at most nine digits on either side of the point. */
    static Optional<BigDecimal> amount(Cursor at) {
        Optional<String> text = at.text();
        Optional<BigDecimal> amount =
                text.filter(found -> DECIMAL.matcher(found).matches()).map(Scalars::plain);
        return found(at, text, amount, "a number from 0, such as 0.15");
    }

    /** Equal numbers in equal spelling. */
    private static BigDecimal plain(String number) {
        return new BigDecimal(new BigDecimal(number).stripTrailingZeros().toPlainString());
    }

    private static <T> Optional<T> found(Cursor at, Optional<String> text, Optional<T> value, String wanted) {
        if (text.isPresent() && value.isEmpty()) {
            at.problem("must be " + wanted + ", found " + Shown.value(text.get()));
        }
        return value;
    }
}
