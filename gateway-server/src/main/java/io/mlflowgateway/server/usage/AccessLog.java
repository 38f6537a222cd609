package io.mlflowgateway.server.usage;

import io.mlflowgateway.server.query.Ending;
import io.mlflowgateway.server.query.Notes;
import io.mlflowgateway.server.query.Observer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs each exchange when it is over. What the line says is worked out where it is written. */
public final class AccessLog implements Observer {
    private static final Logger LOG = LoggerFactory.getLogger("io.mlflowgateway.access");

    @Override
    public void began(Notes notes) {}

    @Override
    public void ended(Notes notes, Ending ending) {
        if (LOG.isInfoEnabled()) {
            LOG.info("{}", new AccessLine(notes, ending));
        }
    }
}
