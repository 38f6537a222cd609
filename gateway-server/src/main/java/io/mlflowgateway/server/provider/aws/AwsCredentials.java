package io.mlflowgateway.server.provider.aws;

import io.mlflowgateway.server.secret.Secret;
import java.time.Instant;
import java.util.Optional;

/**
 * What requests to Amazon's services are signed with.
 *
 * @param sessionToken there with temporary ones only
 * @param expires when they are good no more; empty for those that stay
 */
public record AwsCredentials(
        String accessKeyId, Secret secretKey, Optional<Secret> sessionToken, Optional<Instant> expires) {
    /** Nothing of them is printed, the id of the key included. */
    @Override
    public String toString() {
        return "AwsCredentials[***]";
    }
}
