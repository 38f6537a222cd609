package io.mlflowgateway.server.credential;

import io.mlflowgateway.server.secret.Credential;
import java.time.Duration;

/**
 * A token that was fetched. Times are of the monotonic clock.
 *
 * @param renewNanos from when on it is to be renewed
 * @param endNanos from when on it is not good any more
 */
record Token(Credential credential, long renewNanos, long endNanos) {
    /** Some say the year 9999, which is more nanoseconds than can be counted. */
    static final Duration MOST_LIFE = Duration.ofDays(1);

    /** The earliest that a token is renewed before its end. */
    private static final Duration MOST_AHEAD = Duration.ofMinutes(5);

    /**
     * @param askedNanos when it was asked for: its life began then at the earliest
     * @param random from 0 to 1; spreads renewals over a fifth of the time ahead
     */
    static Token of(TokenAnswer answer, long askedNanos, double random) {
        return of(new Credential.Token(answer.token()), answer.life(), askedNanos, random);
    }

    /** @param told how long it is good from when it was asked for; longer than a day counts as a day */
    static Token of(Credential credential, Duration told, long askedNanos, double random) {
        long life = (told.compareTo(MOST_LIFE) > 0 ? MOST_LIFE : told).toNanos();
        long ahead = Math.min(MOST_AHEAD.toNanos(), life / 10);
        long end = askedNanos + life;
        return new Token(credential, end - ahead + (long) (ahead * random / 5), end);
    }

    /** Whether it is still to be shown. */
    boolean isGood(long nanos) {
        return nanos - endNanos < 0;
    }

    /** Whether a new one should be fetched by now. */
    boolean isDue(long nanos) {
        return nanos - renewNanos >= 0;
    }
}
