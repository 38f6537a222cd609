package io.mlflowgateway.server.provider.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mlflowgateway.server.secret.Secret;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EnvironmentCredentialsTest {
    private static final Map<String, String> LASTING =
            Map.of("AWS_ACCESS_KEY_ID", "AKIDENV", "AWS_SECRET_ACCESS_KEY", "env");

    @Test
    void without_an_access_key_there_are_none() throws Exception {
        assertThat(EnvironmentCredentials.read(Map.of("AWS_SECRET_ACCESS_KEY", "s", "AWS_ACCESS_KEY_ID", "")))
                .isEmpty();
    }

    @Test
    void an_access_key_and_its_secret_are_enough() throws Exception {
        assertThat(EnvironmentCredentials.read(LASTING))
                .contains(new AwsCredentials("AKIDENV", new Secret("env"), Optional.empty(), Optional.empty()));
    }

    @Test
    void temporary_ones_have_a_token_and_may_say_when_they_expire() throws Exception {
        Map<String, String> environment = with("AWS_SESSION_TOKEN", "token");
        environment.put("AWS_CREDENTIAL_EXPIRATION", "2026-11-22T04:30:15+02:00");

        assertThat(EnvironmentCredentials.read(environment))
                .contains(new AwsCredentials(
                        "AKIDENV",
                        new Secret("env"),
                        Optional.of(new Secret("token")),
                        Optional.of(Instant.parse("2026-11-22T02:30:15Z"))));
    }

    @Test
    void the_older_name_of_the_token_counts_first_as_in_boto() throws Exception {
        Map<String, String> environment = with("AWS_SESSION_TOKEN", "new");
        environment.put("AWS_SECURITY_TOKEN", "old");

        assertThat(EnvironmentCredentials.read(environment).orElseThrow().sessionToken())
                .contains(new Secret("old"));
    }

    @Test
    void what_is_half_there_is_told_by_name() {
        assertThat(problem(Map.of("AWS_ACCESS_KEY_ID", "canary")))
                .hasMessage("AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not");
        assertThat(problem(with("AWS_CREDENTIAL_EXPIRATION", "canary")))
                .hasMessageContaining("AWS_CREDENTIAL_EXPIRATION")
                .hasMessageNotContaining("canary");
    }

    private static CredentialsProblem problem(Map<String, String> environment) {
        return catchThrowableOfType(CredentialsProblem.class, () -> EnvironmentCredentials.read(environment));
    }

    private static Map<String, String> with(String name, String value) {
        Map<String, String> environment = new HashMap<>(LASTING);
        environment.put(name, value);
        return environment;
    }
}
