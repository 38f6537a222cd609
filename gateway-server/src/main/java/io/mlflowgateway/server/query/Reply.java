package io.mlflowgateway.server.query;

import java.util.function.UnaryOperator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.SignalType;

/** The result of a query, in OpenAI's form for the task. */
public sealed interface Reply {

    /**
     * Runs the action when the reply is over: at once for a whole one; for a streamed one after the last piece, on
     * failure, or when the caller left. The action must be safe to run more than once: use a {@link Lease}.
     */
    Reply whenDone(Runnable action);

    /** Changes the stream of pieces; a whole reply stays as it is. */
    Reply mapPieces(UnaryOperator<Flux<Piece>> change);

    /**
     * An answer that came in one part.
     *
     * @param body OpenAI-shaped answer
     * @param usage tokens, {@link Usage#UNKNOWN} where the provider gave none
     * @param endsUnknown whether a choice ended for a reason that its codec does not know
     */
    record Whole(Body body, Usage usage, boolean endsUnknown) implements Reply {
        /** One whose choices ended for known reasons, or that has none. */
        public Whole(Body body, Usage usage) {
            this(body, usage, false);
        }

        /** The same with other counts. */
        public Whole counting(Usage counted) {
            return new Whole(body, counted, endsUnknown);
        }

        @Override
        public Reply whenDone(Runnable action) {
            action.run();
            return this;
        }

        @Override
        public Reply mapPieces(UnaryOperator<Flux<Piece>> change) {
            return this;
        }
    }

    /**
     * An answer that comes in pieces. The flux completes only when the provider's stream was complete; a cut or broken
     * one ends with a {@link Failure}. Subscribed once, by the edge; cancelling it closes the upstream connection.
     */
    record Streamed(Flux<Piece> pieces) implements Reply {
        @Override
        public Reply whenDone(Runnable action) {
            return new Streamed(pieces.doFinally((SignalType ended) -> action.run()));
        }

        @Override
        public Reply mapPieces(UnaryOperator<Flux<Piece>> change) {
            return new Streamed(change.apply(pieces));
        }
    }
}
