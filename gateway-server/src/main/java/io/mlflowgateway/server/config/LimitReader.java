package io.mlflowgateway.server.config;

import io.mlflowgateway.server.query.CallLimit;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads {@code limit: {calls, renewal_period, key}}. The period is read as Python's {@code limits} package reads it,
 * which MLflow uses: a month has 30 days, a year 12 such months.
 */
final class LimitReader {
    private static final List<String> KEYS = List.of("calls", "renewal_period", "key");
    private static final Pattern CALLS = Pattern.compile("\\+?\\d[\\d_]{0,17}");
    private static final Pattern PERIOD =
            Pattern.compile("\\s*+(\\d{0,9})\\s*+(second|minute|hour|day|month|year)s?\\s*", Pattern.CASE_INSENSITIVE);
    private static final Map<String, Duration> UNITS = Map.of(
            "second", Duration.ofSeconds(1),
            "minute", Duration.ofMinutes(1),
            "hour", Duration.ofHours(1),
            "day", Duration.ofDays(1),
            "month", Duration.ofDays(30),
            "year", Duration.ofDays(360));
    private static final Duration LONGEST = Duration.ofDays(36_000);

    private LimitReader() {}

    /** The entry's limit; empty when it has none or a wrong one, which the report then says. */
    static Optional<CallLimit> read(Cursor entry) {
        Optional<Cursor> limit =
                entry.at("limit").filter(at -> at.mustBeMapping("a mapping with calls, renewal_period"));
        if (limit.isEmpty()) {
            return Optional.empty();
        }
        limit.get().onlyKnown(KEYS);
        limit.get()
                .at("key")
                .ifPresent(key -> key.warning("is not used: the limit counts the calls of all callers together"));
        Optional<Long> calls = calls(limit.get());
        return period(limit.get(), calls.orElse(0L)).filter(period -> calls.isPresent());
    }

    private static Optional<Long> calls(Cursor limit) {
        Optional<Cursor> at = limit.at("calls");
        if (at.isEmpty()) {
            limit.missing("calls", "is missing; how many calls a period allows");
            return Optional.empty();
        }
        Optional<String> text = at.get().text().map(String::strip);
        Optional<Long> calls = text.filter(found -> CALLS.matcher(found).matches())
                .map(found -> Long.parseLong(found.replace("_", "")));
        if (text.isPresent() && calls.isEmpty()) {
            at.get().problem("must be a whole number from 0, found " + Shown.value(text.get()));
        }
        return calls;
    }

    private static Optional<CallLimit> period(Cursor limit, long calls) {
        Optional<Cursor> at = limit.at("renewal_period");
        if (at.isEmpty()) {
            limit.missing("renewal_period", "is missing; for example minute");
            return Optional.empty();
        }
        Optional<String> text = at.get().text();
        Optional<CallLimit> read =
                text.map(PERIOD::matcher).filter(Matcher::matches).flatMap(match -> limit(calls, match));
        if (text.isPresent() && read.isEmpty()) {
            at.get()
                    .problem("must be second, minute, hour, day, month or year, perhaps with a number before it"
                            + " (10 seconds), up to 100 years; found " + Shown.value(text.get()));
        }
        return read;
    }

    private static Optional<CallLimit> limit(long calls, Matcher period) {
        long multiple = period.group(1).isEmpty() ? 1 : Long.parseLong(period.group(1));
        String unit = period.group(2).toLowerCase(Locale.ROOT);
        Duration length = UNITS.getOrDefault(unit, Duration.ZERO).multipliedBy(multiple);
        return Optional.of(new CallLimit(calls, length, multiple + " " + unit))
                .filter(limit -> !length.isZero() && length.compareTo(LONGEST) <= 0);
    }
}
