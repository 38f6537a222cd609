package io.mlflowgateway.server.query;

import java.util.Optional;

/**
 * One exchange on its way through the stages. Immutable: a stage that changes something passes a changed copy on.
 *
 * @param id request id, also in the answer's {@code X-Request-Id}
 * @param principal who is calling
 * @param route the route as it was when the call began
 * @param query what is asked
 * @param deadline when the whole call must be over
 * @param notes what is noted of the exchange
 * @param stickyHeader what stood in the header that {@link Route#stickyHeader()} names; may be a person's name
 */
public record Call(
        String id,
        Principal principal,
        Route route,
        Query query,
        Deadline deadline,
        Notes notes,
        Optional<String> stickyHeader) {

    /** A call of a route that no header matters to. */
    public Call(String id, Principal principal, Route route, Query query, Deadline deadline, Notes notes) {
        this(id, principal, route, query, deadline, notes, Optional.empty());
    }

    /** Nothing of what the caller sent. */
    @Override
    public String toString() {
        return "Call[" + id + " of " + route.name() + "]";
    }
}
