package io.mlflowgateway.server.query;

import java.time.Duration;

/**
 * How much of a stream is passed on. One that goes past any of these is cut with an error: it is no answer but a provider
 * that cannot stop.
 *
 * @param longest from the caller's head to the stream's last byte
 * @param events of the stream, its end included
 * @param bytes of all events, without framing
 */
public record StreamCaps(Duration longest, long events, long bytes) {
    /** None but the one on time that every exchange has. */
    public static final StreamCaps NONE =
            new StreamCaps(Duration.ofNanos(Long.MAX_VALUE), Long.MAX_VALUE, Long.MAX_VALUE);

    /** Whether a stream may have grown so far. */
    public boolean allow(long eventsSoFar, long bytesSoFar) {
        return eventsSoFar <= events && bytesSoFar <= bytes;
    }

    /** What is said of a stream that may not have. */
    public Failure exceeded(long eventsSoFar) {
        String past = eventsSoFar > events ? events + " events" : bytes + " bytes";
        return Failure.of(Failure.Kind.UPSTREAM_INVALID, "the provider's stream did not end within " + past);
    }
}
