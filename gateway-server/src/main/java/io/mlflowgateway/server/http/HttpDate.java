package io.mlflowgateway.server.http;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** The {@code Date} header's text, made at most once a second. Safe from any thread. */
final class HttpDate {
    private record Second(long epoch, String text) {}

    private volatile Second last = new Second(-1, "");

    String now() {
        long epoch = System.currentTimeMillis() / 1000;
        Second second = last;
        if (second.epoch() != epoch) {
            second = new Second(
                    epoch,
                    DateTimeFormatter.RFC_1123_DATE_TIME.format(
                            Instant.ofEpochSecond(epoch).atOffset(ZoneOffset.UTC)));
            last = second;
        }
        return second.text();
    }
}
