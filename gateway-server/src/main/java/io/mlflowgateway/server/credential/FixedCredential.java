package io.mlflowgateway.server.credential;

import io.mlflowgateway.server.provider.Sender;
import io.mlflowgateway.server.query.Deadline;
import io.mlflowgateway.server.secret.Credential;
import java.util.Set;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/** Always the same: adds nothing to the way of a call. */
record FixedCredential(Credential credential) implements TargetCredential {
    @Override
    public <T> Mono<T> shown(Deadline deadline, Function<Credential, Mono<T>> ask) {
        return ask.apply(credential);
    }

    @Override
    public Set<Sender> senders() {
        return Set.of();
    }
}
