package io.mlflowgateway.server.deploy;

import java.time.Duration;
import java.util.Locale;

/** Times and sizes as nginx, systemd and the gateway write them. */
final class Units {
    private Units() {}

    /** For example {@code 500ms}, {@code 75s} or {@code 2m}. */
    static Duration time(String text) {
        return text.endsWith("ms")
                ? Duration.ofMillis(Long.parseLong(text.substring(0, text.length() - 2)))
                : Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
    }

    /** In bytes; for example {@code 8k}, {@code 32KiB}, {@code 11m} or {@code 10MiB}. */
    static long size(String text) {
        String digits = text.replaceAll("\\D.*", "");
        return switch (text.substring(digits.length())) {
            case "" -> Long.parseLong(digits);
            case "k", "KiB" -> Long.parseLong(digits) << 10;
            case "m", "MiB" -> Long.parseLong(digits) << 20;
            case "G" -> Long.parseLong(digits) << 30;
            default -> throw new IllegalArgumentException(text);
        };
    }
}
