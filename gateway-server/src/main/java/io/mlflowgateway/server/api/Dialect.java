package io.mlflowgateway.server.api;

import io.mlflowgateway.server.http.Answer;
import io.mlflowgateway.server.query.Body;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Query;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.routing.TargetRoute;

/** How one API generation writes queries, replies and failures. Stateless. */
public interface Dialect {
    /**
     * The caller's body as a query.
     *
     * @throws Failure with every breach of the API's rules
     */
    Query read(TargetRoute route, Body body);

    /**
     * A whole reply in the shape this API's clients read.
     *
     * @param model of the target that answered, as it was configured; empty where it was not
     */
    byte[] write(TargetRoute route, String model, Reply.Whole reply);

    /** The API's error envelope. */
    Errors errors();

    /** How a failure is written before any of an answer is out. */
    interface Errors {
        /** Headers {@code retry-after} and {@code x-gateway-error-source} included. */
        Answer.Whole answer(String requestId, Failure failure);
    }
}
