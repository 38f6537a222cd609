package io.mlflowgateway.server.query;

import java.time.Duration;
import java.util.Optional;

/**
 * How an exchange ended.
 *
 * @param outcome what became of the answer
 * @param status sent to the caller; 0 when it left before any was sent
 * @param failure why it was refused or cut
 * @param bytesIn of the request's body
 * @param bytesOut of the answer's body, without framing
 * @param took from the request's head to the answer's last byte
 */
public record Ending(
        Outcome outcome, int status, Optional<Failure> failure, long bytesIn, long bytesOut, Duration took) {
    /** What became of the answer. */
    public enum Outcome {
        /** It went out whole, a refusal too. */
        ANSWERED("answered"),
        /**
         * It ended before its end: a stream that failed after its first piece, whose caller got an error event; or an
         * answer its caller took nothing of for too long.
         */
        CUT("cut"),
        /** The caller left before the end. */
        CALLER_GONE("caller_gone");

        private final String wireName;

        Outcome(String wireName) {
            this.wireName = wireName;
        }

        /** As logs and metrics say it. */
        public String wireName() {
            return wireName;
        }
    }
}
