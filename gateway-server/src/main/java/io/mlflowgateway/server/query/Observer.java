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

    /** A request's head has been read, good or not. */
    void began(Notes notes);

    /** The last byte of its answer is written, or its caller is gone. Once for each that began. */
    void ended(Notes notes, Ending ending);
}
