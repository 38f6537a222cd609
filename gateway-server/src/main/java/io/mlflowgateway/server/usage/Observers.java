package io.mlflowgateway.server.usage;

import io.mlflowgateway.server.query.Ending;
import io.mlflowgateway.server.query.Notes;
import io.mlflowgateway.server.query.Observer;
import java.util.List;

/**
 * Tells several.
 *
 * @param all in the order in which they are told
 */
public record Observers(List<Observer> all) implements Observer {
    public Observers {
        all = List.copyOf(all);
    }

    @Override
    public void began(Notes notes) {
        all.forEach(one -> one.began(notes));
    }

    @Override
    public void ended(Notes notes, Ending ending) {
        all.forEach(one -> one.ended(notes, ending));
    }

    @Override
    public void connectionRefused(Refusal reason) {
        all.forEach(one -> one.connectionRefused(reason));
    }
}
