package io.mlflowgateway.server.query;

/**
 * Told of every exchange of the edge, whatever came of it: once when its head is there, once when it is over. Called on
 * event loops, so it must neither block nor throw.
 */
public interface Observer {
    /** Sees nothing. */
    Observer NONE = new Observer() {
        @Override
        public void began(Notes notes) {}

        @Override
        public void ended(Notes notes, Ending ending) {}
    };

    /** Why a connection was refused before anything was read from it. */
    enum Refusal {
        /** As many are open as may be. */
        TOO_MANY("too_many"),
        /** As many are open from its address as may be. */
        TOO_MANY_FROM_ADDRESS("too_many_from_address");

        private final String wireName;

        Refusal(String wireName) {
            this.wireName = wireName;
        }

        /** As logs and metrics say it. */
        public String wireName() {
            return wireName;
        }
    }

    /** A request's head has been read, good or not; or it has not come in time. */
    void began(Notes notes);

    /** The last byte of its answer is written, or its caller is gone. Once for each that began. */
    void ended(Notes notes, Ending ending);

    /** A connection was refused at the door: no exchange began on it. */
    default void connectionRefused(Refusal reason) {}
}
