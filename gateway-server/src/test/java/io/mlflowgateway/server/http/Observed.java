package io.mlflowgateway.server.http;

import io.mlflowgateway.server.query.Ending;
import io.mlflowgateway.server.query.Notes;
import io.mlflowgateway.server.query.Observer;
import io.mlflowgateway.server.testing.Eventually;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what an observer is told. */
final class Observed implements Observer {
    /** An exchange that is over. */
    record Exchange(Notes notes, Ending ending) {}

    final List<Notes> began = new CopyOnWriteArrayList<>();
    final List<Exchange> ended = new CopyOnWriteArrayList<>();
    final List<Refusal> refused = new CopyOnWriteArrayList<>();

    @Override
    public void began(Notes notes) {
        began.add(notes);
    }

    @Override
    public void ended(Notes notes, Ending ending) {
        ended.add(new Exchange(notes, ending));
    }

    @Override
    public void connectionRefused(Refusal reason) {
        refused.add(reason);
    }

    /** The only exchange there has been, once it is over. */
    Exchange only() {
        Eventually.within(Duration.ofSeconds(10), "an exchange ends", () -> !ended.isEmpty());
        if (began.size() != 1
                || ended.size() != 1
                || began.get(0) != ended.get(0).notes()) {
            throw new AssertionError(began.size() + " began and " + ended.size() + " ended");
        }
        return ended.get(0);
    }
}
