package io.mlflowgateway.langchain4j.internal;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as limit headers write them: {@code 6m0s}, {@code 120ms}, or a number of seconds. */
final class GoDuration {

    private static final Pattern PARTS = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,9})?)(ms|us|µs|ns|h|m|s|d)");
    private static final Pattern WHOLE =
            Pattern.compile("(?:[0-9]{1,9}(?:\\.[0-9]{1,9})?(?:ms|us|µs|ns|h|m|s|d)){1,6}");
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}(?:\\.[0-9]{1,9})?");
    private static final Map<String, Long> NANOS = Map.of(
            "ns", 1L,
            "us", 1_000L,
            "µs", 1_000L,
            "ms", 1_000_000L,
            "s", 1_000_000_000L,
            "m", 60_000_000_000L,
            "h", 3_600_000_000_000L,
            "d", 86_400_000_000_000L);

    private GoDuration() {}

    /** What the text says, or nothing if it is none of the forms. */
    static Optional<Duration> of(String text) {
        String stripped = text.strip();
        if (SECONDS.matcher(stripped).matches()) {
            return Optional.of(times(stripped, "s"));
        }
        if (!WHOLE.matcher(stripped).matches()) {
            return Optional.empty();
        }
        Duration sum = Duration.ZERO;
        Matcher part = PARTS.matcher(stripped);
        while (part.find()) {
            sum = sum.plus(times(part.group(1), part.group(2)));
        }
        return Optional.of(sum);
    }

    private static Duration times(String number, String unit) {
        BigDecimal nanos = new BigDecimal(number).multiply(BigDecimal.valueOf(NANOS.getOrDefault(unit, 0L)));
        BigDecimal[] split = nanos.divideAndRemainder(BigDecimal.valueOf(1_000_000_000L));
        return Duration.ofSeconds(split[0].longValue(), split[1].longValue());
    }
}
