package io.mlflowgateway.server.routing;

import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** How many attempts of a route came on top of the first one of each call. Kept over reloads; thread-safe. */
final class ExtraAttempts {
    /** Why there was one more. */
    enum Reason {
        /** The same target, once more. */
        RETRY,
        /** The next target, after one had failed. */
        FALLBACK,
        /** A second one, beside one that took long. */
        HEDGE;

        /** As metrics say it. */
        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Map<Reason, LongAdder> counts = new EnumMap<>(Reason.class);

    ExtraAttempts() {
        for (Reason reason : Reason.values()) {
            counts.put(reason, new LongAdder());
        }
    }

    void count(Reason reason) {
        Objects.requireNonNull(counts.get(reason)).increment();
    }

    /** By the reason's wire name. */
    Map<String, Long> all() {
        Map<String, Long> all = new LinkedHashMap<>();
        counts.forEach((reason, count) -> all.put(reason.wireName(), count.sum()));
        return Collections.unmodifiableMap(all);
    }
}
