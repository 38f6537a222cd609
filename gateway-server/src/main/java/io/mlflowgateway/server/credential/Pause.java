package io.mlflowgateway.server.credential;

import io.mlflowgateway.server.query.Failure;
import java.time.Duration;
import java.util.Optional;

/**
 * Why no token is fetched for a while: twice as long with each failure in a row, from one second to thirty.
 *
 * @param untilNanos monotonic
 * @param length of it
 */
record Pause(Failure last, long untilNanos, Duration length) {
    static final Duration SHORTEST = Duration.ofSeconds(1);
    static final Duration LONGEST = Duration.ofSeconds(30);

    /** The one after another failure. */
    static Pause after(Optional<Pause> before, Failure failure, long now) {
        Duration doubled = before.map(pause -> pause.length().multipliedBy(2)).orElse(SHORTEST);
        Duration length = doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled;
        return new Pause(failure, now + length.toNanos(), length);
    }

    boolean isOver(long now) {
        return now - untilNanos >= 0;
    }

    /** The last failure, with the time that is left. */
    Failure failure(long now) {
        long left = Math.max(0, untilNanos - now);
        long seconds = Math.max(1, Duration.ofNanos(left).plusMillis(999).toSeconds());
        return last.retryAfter(Long.toString(seconds));
    }

    long millis() {
        return length.toMillis();
    }
}
