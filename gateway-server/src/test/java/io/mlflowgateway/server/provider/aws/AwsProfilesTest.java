package io.mlflowgateway.server.provider.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mlflowgateway.server.provider.aws.AwsCredentialSource.Container;
import io.mlflowgateway.server.provider.aws.AwsCredentialSource.Present;
import io.mlflowgateway.server.provider.aws.AwsCredentialSource.Role;
import io.mlflowgateway.server.secret.Secret;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AwsProfilesTest {
    private static final Map<String, String> ENVIRONMENT = Map.of(
            "AWS_ACCESS_KEY_ID", "AKIDENV",
            "AWS_SECRET_ACCESS_KEY", "env",
            "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials/1");

    private static final AwsProfiles PROFILES =
            profiles(AwsFixtures.text("profiles/credentials"), AwsFixtures.text("profiles/config"));

    // What boto's session makes of the same files.
    @ParameterizedTest
    @CsvSource({
        "default, AKIDDEFAULT, secret/default+key=, token==",
        "temporary, AKIDTEMP, temp # kept, old",
        "base, AKIDBASE, base,",
        "in-config, AKIDCONFIG, config,"
    })
    void credentials_are_those_that_boto_finds(String name, String accessKey, String secretKey, String token)
            throws Exception {
        assertThat(PROFILES.source(name, Map.of()))
                .isEqualTo(new Present(new AwsCredentials(
                        accessKey,
                        new Secret(secretKey),
                        Optional.ofNullable(token).map(Secret::new),
                        Optional.empty())));
    }

    @Test
    void settings_of_both_files_belong_to_one_profile() {
        AwsProfile profile = PROFILES.find("default").orElseThrow();

        assertThat(profile.value("region")).contains("eu-central-1");
        assertThat(profile.value("signature_version")).isEmpty();
        assertThat(profile).hasToString("AwsProfile[default]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"preview", "corp", "sso-session corp", "profile in-config", "none"})
    void other_sections_are_no_profiles(String name) {
        assertThat(PROFILES.find(name)).isEmpty();
        assertThat(problem(name)).hasMessage("there is no AWS profile '" + name + "'");
    }

    @Test
    void a_role_is_assumed_with_the_credentials_of_its_source() throws Exception {
        AssumeRole role = new AssumeRole(
                "arn:aws:iam::123456789012:role/space",
                "someone",
                Optional.of("x:1"),
                Optional.of(Duration.ofHours(1)));

        assertThat(PROFILES.source("with space", Map.of()))
                .isEqualTo(new Role(PROFILES.source("base", Map.of()), role));
    }

    @Test
    void roles_may_be_assumed_one_through_the_other() throws Exception {
        assertThat(PROFILES.source("chained", Map.of()))
                .isEqualTo(new Role(PROFILES.source("with space", Map.of()), role("chained")));
    }

    @Test
    void a_role_may_be_assumed_with_the_credentials_that_stand_beside_it() throws Exception {
        AwsCredentials own = new AwsCredentials("AKIDITSELF", new Secret("itself"), Optional.empty(), Optional.empty());

        assertThat(PROFILES.source("itself", Map.of())).isEqualTo(new Role(new Present(own), role("itself")));
    }

    @Test
    void a_role_may_be_assumed_with_what_the_environment_or_the_container_gives() throws Exception {
        AwsCredentialSource environment =
                new Present(EnvironmentCredentials.read(ENVIRONMENT).orElseThrow());
        AwsCredentialSource container =
                new Container(ContainerCredentials.of(ENVIRONMENT).orElseThrow());

        assertThat(PROFILES.source("environment", ENVIRONMENT)).isEqualTo(new Role(environment, role("e")));
        assertThat(PROFILES.source("container", ENVIRONMENT)).isEqualTo(new Role(container, role("c")));
    }

    @ParameterizedTest
    @CsvSource({
        "loop, the AWS profile 'loop' is its own source",
        "half, 'the AWS profile ''half'' has aws_access_key_id, but no aws_secret_access_key'",
        "machine, credential_source of the AWS profile 'machine' must be Environment or EcsContainer",
        "environment, AWS_ACCESS_KEY_ID is not set",
        "container, no variable names a container's endpoint"
    })
    void what_leads_to_no_credentials_is_told(String name, String message) {
        assertThat(problem(name)).hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource({"canary = 1, 1", "'[a]\ncanary', 2", "'[a]\n\n= canary', 3"})
    void a_line_that_is_neither_section_nor_key_is_told_by_its_number_alone(String text, int line) {
        CredentialsProblem problem = catchThrowableOfType(CredentialsProblem.class, () -> new AwsProfiles(text, ""));

        assertThat(problem)
                .hasMessageStartingWith("the AWS credentials file, line " + line + ",")
                .hasMessageNotContaining("canary");
    }

    @Test
    void files_stand_where_the_environment_says_or_below_the_home() {
        Map<String, String> home = Map.of("HOME", "/home/u");
        Map<String, String> said = Map.of("HOME", "/home/u", "AWS_CONFIG_FILE", "~/c");

        assertThat(AwsProfiles.credentialsFile(home)).contains("/home/u/.aws/credentials");
        assertThat(AwsProfiles.configFile(home)).contains("/home/u/.aws/config");
        assertThat(AwsProfiles.configFile(said)).contains("/home/u/c");
        assertThat(AwsProfiles.credentialsFile(Map.of())).isEmpty();
    }

    private static AssumeRole role(String name) {
        return new AssumeRole(
                "arn:aws:iam::123456789012:role/" + name, "mlflow-gateway", Optional.empty(), Optional.empty());
    }

    private static CredentialsProblem problem(String name) {
        return catchThrowableOfType(CredentialsProblem.class, () -> PROFILES.source(name, Map.of()));
    }

    private static AwsProfiles profiles(String credentials, String config) {
        try {
            return new AwsProfiles(credentials, config);
        } catch (CredentialsProblem e) {
            throw new AssertionError(e);
        }
    }
}
