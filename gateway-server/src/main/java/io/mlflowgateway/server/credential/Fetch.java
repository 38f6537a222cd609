package io.mlflowgateway.server.credential;

import io.mlflowgateway.server.provider.Sender;
import io.mlflowgateway.server.query.Failure;
import java.time.Duration;
import java.util.Set;
import reactor.core.publisher.Mono;

/** Fetches a credential, one at a time. */
interface Fetch {
    /** For one fetch, from the connection to the last byte. */
    Duration TIME = Duration.ofSeconds(30);

    /** Fetches once, on subscription; fails with a {@link Failure}, or with a bug. */
    Mono<Token> once();

    /** Whose credential it is, and where it comes from, for the log. */
    String name();

    /** What it asks by. */
    Set<Sender> senders();

    /** As the caller of a model is told: it is not the model's answer. */
    static Failure told(Failure failure) {
        return failure.saying("the target's credential could not be fetched: " + failure.getMessage())
                .code("credential_unavailable")
                .unsent();
    }
}
