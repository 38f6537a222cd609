package io.mlflowgateway.server.reliability;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Several measurements of the same. */
record Times(List<Duration> sorted) {
    Times {
        sorted = sorted.stream().sorted().toList();
    }

    Duration median() {
        return sorted.get(sorted.size() / 2);
    }

    Duration slowest() {
        return sorted.get(sorted.size() - 1);
    }

    /** For example {@code 0.45 s}. */
    static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.2f s", time.toMillis() / 1000.0);
    }

    @Override
    public String toString() {
        return "median " + seconds(median()) + ", slowest " + seconds(slowest()) + " of " + sorted.size();
    }
}
