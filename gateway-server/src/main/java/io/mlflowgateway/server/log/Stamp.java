package io.mlflowgateway.server.log;

import java.time.Instant;

/** Writes moments as {@code 2026-01-31T23:59:59.123Z}. Keeps the text of the last second; for one thread. */
final class Stamp {
    private static final int SECONDS = "2026-01-31T23:59:59".length();

    private long second = Long.MIN_VALUE;
    private String text = "";

    /** @param millis since 1970, before the year 10000 */
    void write(long millis, StringBuilder out) {
        long now = Math.floorDiv(millis, 1_000L);
        if (now != second) {
            second = now;
            text = Instant.ofEpochSecond(now).toString().substring(0, SECONDS);
        }
        out.append(text).append('.');
        threeDigits(out, (int) Math.floorMod(millis, 1_000L));
        out.append('Z');
    }

    /** @param number 0..999 */
    static void threeDigits(StringBuilder out, int number) {
        out.append((char) ('0' + number / 100))
                .append((char) ('0' + number / 10 % 10))
                .append((char) ('0' + number % 10));
    }
}
