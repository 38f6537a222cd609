package io.mlflowgateway.server.config;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads numbers with units: waits in milliseconds, sizes in bytes, plain counts. */
public final class Amount {
    private static final Pattern FORM = Pattern.compile("(\\d{1,12}(?:\\.\\d{1,6})?)\\s?([A-Za-z]{0,3})");
    private static final Map<String, Long> MILLIS = Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L);
    private static final Map<String, Long> BYTES = Map.of(
            "", 1L,
            "b", 1L,
            "kib", 1L << 10,
            "mib", 1L << 20,
            "gib", 1L << 30,
            "kb", 1_000L,
            "mb", 1_000_000L,
            "gb", 1_000_000_000L);
    private static final Map<String, Long> ONES = Map.of("", 1L);

    private static final List<Map.Entry<String, Long>> MILLIS_WRITTEN =
            List.of(Map.entry("h", 3_600_000L), Map.entry("m", 60_000L), Map.entry("s", 1_000L), Map.entry("ms", 1L));
    private static final List<Map.Entry<String, Long>> BYTES_WRITTEN = List.of(
            Map.entry("GiB", 1L << 30), Map.entry("MiB", 1L << 20), Map.entry("KiB", 1L << 10), Map.entry("", 1L));

    private Amount() {}

    /** {@code 500ms}, {@code 5s}, {@code 1.5m}, {@code 2h} as milliseconds; a number alone could be either. */
    public static Optional<Long> millis(String text) {
        return read(text, MILLIS);
    }

    /** {@code 10MiB}, {@code 32KiB}, {@code 1MB}, {@code 8192} as bytes. */
    static Optional<Long> bytes(String text) {
        return read(text, BYTES);
    }

    /** A whole number. */
    static Optional<Long> count(String text) {
        return read(text, ONES);
    }

    /** Milliseconds in the largest unit they are whole in, for example {@code 90s}. */
    static String ofMillis(long millis) {
        return in(MILLIS_WRITTEN, millis);
    }

    /** Bytes in the largest binary unit they are whole in, for example {@code 10MiB}; below that as a number. */
    static String ofBytes(long bytes) {
        return in(BYTES_WRITTEN, bytes);
    }

    private static String in(List<Map.Entry<String, Long>> units, long amount) {
        return units.stream()
                .filter(unit -> amount != 0 && amount % unit.getValue() == 0)
                .findFirst()
                .map(unit -> amount / unit.getValue() + unit.getKey())
                .orElse("0" + units.get(units.size() - 1).getKey());
    }

    private static Optional<Long> read(String text, Map<String, Long> units) {
        Matcher matcher = FORM.matcher(text.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        Optional<Long> unit = Optional.ofNullable(units.get(matcher.group(2).toLowerCase(Locale.ROOT)));
        return unit.map(size -> new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(size)))
                .filter(amount -> amount.stripTrailingZeros().scale() <= 0)
                .map(BigDecimal::longValueExact);
    }
}
