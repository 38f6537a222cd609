package io.mlflowgateway.server.provider;

import io.mlflowgateway.server.config.ProviderSpec;
import io.mlflowgateway.server.query.Deadline;
import io.mlflowgateway.server.query.Query;
import io.mlflowgateway.server.query.Reply;
import reactor.core.publisher.Mono;

/** A company's or a server's way to answer queries. Stateless: targets bring model and settings. */
public sealed interface Provider permits WireProvider, EchoProvider {
    /** Its name, tasks and configuration keys. */
    ProviderSpec spec();

    /**
     * Asks once, on subscription.
     *
     * @return fails with a {@code Failure}; a streamed reply ends with one when the upstream's stream was not complete
     */
    Mono<Reply> ask(Query query, Attempt attempt, Sender sender, Deadline deadline);
}
