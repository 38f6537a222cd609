package io.mlflowgateway.server.credential;

import io.mlflowgateway.server.provider.Sender;
import io.mlflowgateway.server.query.Deadline;
import io.mlflowgateway.server.secret.Credential;
import java.util.Set;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/** Where a target's attempts get their credential from. For any thread. */
public interface TargetCredential {
    /** One that is in the configuration. */
    static TargetCredential fixed(Credential credential) {
        return new FixedCredential(credential);
    }

    /**
     * Asks with a credential that is good by all that is known.
     *
     * @param deadline of the call: no wait for the credential is longer
     * @param ask one attempt; asked for once more, with a newer credential, where the upstream refused a token
     * @return fails with a {@code Failure} where there is no credential to be had
     */
    <T> Mono<T> shown(Deadline deadline, Function<Credential, Mono<T>> ask);

    /** What credentials are fetched by. */
    Set<Sender> senders();
}
