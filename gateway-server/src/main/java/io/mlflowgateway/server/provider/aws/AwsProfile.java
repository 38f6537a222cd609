package io.mlflowgateway.server.provider.aws;

import io.mlflowgateway.server.secret.Secret;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * One profile of the SDKs' files.
 *
 * @param values by their keys in lower case; what stands in the credentials file counts before the other
 */
public record AwsProfile(String name, Map<String, String> values) {
    private static final String ACCESS_KEY = "aws_access_key_id";
    private static final String SECRET_KEY = "aws_secret_access_key";

    public AwsProfile {
        values = Map.copyOf(values);
    }

    /** A setting like {@code region}; empty where it is not there, or says nothing. */
    public Optional<String> value(String key) {
        return Optional.ofNullable(values.get(key)).filter(value -> !value.isEmpty());
    }

    /** Credentials that stand in it; empty where it has no access key. */
    public Optional<AwsCredentials> credentials() throws CredentialsProblem {
        Optional<String> accessKey = value(ACCESS_KEY);
        if (accessKey.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> secretKey = value(SECRET_KEY);
        if (secretKey.isEmpty()) {
            throw new CredentialsProblem("the AWS profile '" + name + "' has " + ACCESS_KEY + ", but no " + SECRET_KEY);
        }
        Optional<String> token = value("aws_security_token").or(() -> value("aws_session_token"));
        return Optional.of(new AwsCredentials(
                accessKey.get(), new Secret(secretKey.get()), token.map(Secret::new), Optional.empty()));
    }

    /** The role it is for, if it is. */
    Optional<AssumeRole> role(String sessionName) throws CredentialsProblem {
        Optional<String> arn = value("role_arn");
        if (arn.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new AssumeRole(
                arn.get(), value("role_session_name").orElse(sessionName), value("external_id"), duration()));
    }

    private Optional<Duration> duration() throws CredentialsProblem {
        try {
            return value("duration_seconds").map(Long::parseLong).map(Duration::ofSeconds);
        } catch (NumberFormatException e) {
            throw new CredentialsProblem("duration_seconds of the AWS profile '" + name + "' is no number");
        }
    }

    @Override
    public String toString() {
        return "AwsProfile[" + name + "]";
    }
}
