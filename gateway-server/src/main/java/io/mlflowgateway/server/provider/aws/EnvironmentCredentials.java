package io.mlflowgateway.server.provider.aws;

import io.mlflowgateway.server.secret.Secret;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Credentials in variables of the environment, as the SDKs read them; an empty variable is none. */
public final class EnvironmentCredentials {
    private static final String ACCESS_KEY = "AWS_ACCESS_KEY_ID";
    private static final String SECRET_KEY = "AWS_SECRET_ACCESS_KEY";
    /** In boto's order. The first is the older name. */
    private static final List<String> TOKENS = List.of("AWS_SECURITY_TOKEN", "AWS_SESSION_TOKEN");

    private static final String EXPIRATION = "AWS_CREDENTIAL_EXPIRATION";

    private EnvironmentCredentials() {}

    /**
     * The credentials; empty where {@code AWS_ACCESS_KEY_ID} is not set.
     *
     * @throws CredentialsProblem where it is, and the rest is not there or wrong
     */
    public static Optional<AwsCredentials> read(Map<String, String> environment) throws CredentialsProblem {
        Optional<String> accessKey = value(environment, ACCESS_KEY);
        if (accessKey.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> secretKey = value(environment, SECRET_KEY);
        if (secretKey.isEmpty()) {
            throw new CredentialsProblem(ACCESS_KEY + " is set, but " + SECRET_KEY + " is not");
        }
        Optional<String> expiration = value(environment, EXPIRATION);
        Optional<Instant> expires =
                expiration.isEmpty() ? Optional.empty() : Optional.of(Expiry.read(expiration.get(), EXPIRATION));
        Optional<Secret> token = TOKENS.stream()
                .flatMap(name -> value(environment, name).stream())
                .findFirst()
                .map(Secret::new);
        return Optional.of(new AwsCredentials(accessKey.get(), new Secret(secretKey.get()), token, expires));
    }

    static Optional<String> value(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
    }
}
