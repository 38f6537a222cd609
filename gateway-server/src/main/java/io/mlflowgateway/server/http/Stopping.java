package io.mlflowgateway.server.http;

/** How far a server's stop has come. Moved on by one thread, read by every connection. */
final class Stopping {
    private enum Phase {
        SERVING,
        LAST_ANSWERS,
        DRAINING
    }

    private volatile Phase phase = Phase.SERVING;

    /** Answers say from now on that their connection closes. */
    void announce() {
        phase = phase == Phase.SERVING ? Phase.LAST_ANSWERS : phase;
    }

    /** Nothing new is accepted any more. */
    void drain() {
        phase = Phase.DRAINING;
    }

    boolean announced() {
        return phase != Phase.SERVING;
    }

    boolean draining() {
        return phase == Phase.DRAINING;
    }
}
