package io.mlflowgateway.server.usage;

import io.mlflowgateway.server.query.Ending;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Notes;
import java.util.Optional;

/** How the only attempt of a call ended, where nobody watched it: its words are those of watched targets. */
final class AttemptOutcome {
    private AttemptOutcome() {}

    static String of(Notes notes, Ending ending) {
        if (notes.timeToFirstPiece().isPresent()) {
            return ofUpstream(ending.failure()).isPresent() ? "broke_off" : "answered";
        }
        Optional<Failure> failure = ofUpstream(ending.failure());
        if (failure.isPresent()) {
            return failure.get().blamesTarget() ? "failed" : "refused";
        }
        return "left";
    }

    private static Optional<Failure> ofUpstream(Optional<Failure> failure) {
        return failure.filter(found -> found.source() == Failure.Source.UPSTREAM);
    }
}
