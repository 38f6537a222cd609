package io.mlflowgateway.server.log;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** Writes moments as {@code 2026-01-31T23:59:59.123Z}. Keeps the text of the last second; for one thread. */
final class Stamp {
    private static final int SECONDS = "2026-01-31T23:59:59".length();

    private long second = Long.MIN_VALUE;
    private byte[] text = new byte[0];

    /** @param millis since 1970, before the year 10000 */
    void write(long millis, Paper out) {
        long now = Math.floorDiv(millis, 1_000L);
        if (now != second) {
            second = now;
            text = Instant.ofEpochSecond(now).toString().substring(0, SECONDS).getBytes(StandardCharsets.US_ASCII);
        }
        out.add(text).add('.');
        threeDigits(out, (int) Math.floorMod(millis, 1_000L));
        out.add('Z');
    }

    /** @param number 0..999 */
    static void threeDigits(Paper out, int number) {
        out.add((char) ('0' + number / 100))
                .add((char) ('0' + number / 10 % 10))
                .add((char) ('0' + number % 10));
    }
}
