package io.mlflowgateway.server;

import io.mlflowgateway.server.query.Ending;
import io.mlflowgateway.server.query.Notes;
import io.mlflowgateway.server.query.Observer;

/** Gives back what was held for an exchange until its answer is written or its caller gone. */
final class GiveBack implements Observer {
    private final Observer next;

    GiveBack(Observer next) {
        this.next = next;
    }

    @Override
    public void began(Notes notes) {
        next.began(notes);
    }

    @Override
    public void ended(Notes notes, Ending ending) {
        notes.over();
        next.ended(notes, ending);
    }
}
