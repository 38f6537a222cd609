package io.mlflowgateway.server.http;

import io.mlflowgateway.server.query.Failure;

/** Everything the edge serves. Implemented by {@code api}; called on event loops, so it never blocks. */
public interface Site {
    /**
     * Finds who answers, before any of the body is read.
     *
     * @throws Failure 401, 404 or 405
     */
    Endpoint endpoint(Head head);

    /** A failure in the shape that callers of this path expect. Used as long as no byte of an answer is out. */
    Answer.Whole failure(Head head, Failure failure);

    /** A failure as the last event of a stream that has begun: one line of JSON. */
    byte[] failureEvent(Head head, Failure failure);
}
