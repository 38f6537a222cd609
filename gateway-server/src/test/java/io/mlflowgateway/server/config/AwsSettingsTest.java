package io.mlflowgateway.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.secret.Credential;
import io.mlflowgateway.server.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AwsSettingsTest {
    private static final String CANARY = "canary-7f3a9c-never-shown";
    private static final ProviderSpec SPEC = new ProviderSpec(
                    "bedrock", List.of(), EnumSet.allOf(Task.class), true, AwsSettings.keysOfTarget())
            .withAwsCredentials();
    private static final Map<String, String> ENVIRONMENT = Map.of("AWS_REGION", "eu-west-1", "ID", "AKIAFAKE");

    private static GatewayConfig read(String yaml, Map<String, String> environment) throws InvalidConfig {
        return new ConfigReader(List.of(SPEC), environment).read("gateway.yaml", yaml.getBytes(StandardCharsets.UTF_8));
    }

    private static String yaml(String model) {
        return "endpoints:\n  - {name: a, endpoint_type: llm/v1/chat, model: {provider: bedrock, name: m, " + model
                + "}}\n";
    }

    private static String block(String keys) {
        return yaml("config: {aws_config: {" + keys + "}}");
    }

    private static Settings settings(String yaml, Map<String, String> environment) {
        try {
            GatewayConfig config = read(yaml, environment);
            assertThat(config.warnings()).isEmpty();
            return config.routes().get(0).targets().get(0).settings();
        } catch (InvalidConfig e) {
            throw new AssertionError(e.getMessage(), e);
        }
    }

    private static String problems(String yaml, Map<String, String> environment) {
        try {
            return "none, but warnings " + read(yaml, environment).warnings();
        } catch (InvalidConfig e) {
            return e.problems().stream().map(Problems.Problem::toString).collect(Collectors.joining("\n"));
        }
    }

    private static TokenSource.Aws source(Settings settings) {
        return (TokenSource.Aws) settings.tokens().orElseThrow();
    }

    @Test
    void keys_stand_in_a_block_of_their_own() {
        Settings settings = settings(
                block("aws_region: us-east-1, aws_access_key_id: $ID, aws_secret_access_key: " + CANARY
                        + ", aws_session_token: token"),
                ENVIRONMENT);

        assertThat(settings.text(AwsSettings.REGION)).contains("us-east-1");
        assertThat(source(settings).keys())
                .contains(new Credential.Keys("AKIAFAKE", new Secret(CANARY), Optional.of(new Secret("token"))));
        assertThat(settings.toString()).doesNotContain(CANARY).doesNotContain("AKIAFAKE");
    }

    @Test
    void a_role_is_assumed_by_what_is_found_otherwise() {
        Settings settings = settings(
                block("aws_role_arn: 'arn:aws:iam::1:role/r', session_length_seconds: 1800, external_id: x"),
                ENVIRONMENT);

        assertThat(source(settings))
                .isEqualTo(new TokenSource.Aws(
                        "eu-west-1",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(new TokenSource.Role(
                                "arn:aws:iam::1:role/r", "mlflow-gateway", Optional.of("x"), Duration.ofMinutes(30))),
                        Optional.empty()));
    }

    @ParameterizedTest
    @CsvSource({"AWS_REGION", "AWS_DEFAULT_REGION"})
    void nothing_at_all_is_what_the_environment_has(String variable) {
        Settings settings = settings(yaml("config: {aws_config: }"), Map.of(variable, "eu-north-1"));

        assertThat(settings.text(AwsSettings.REGION)).contains("eu-north-1");
        assertThat(source(settings).client()).isEqualTo("the environment");
    }

    @Test
    void a_bedrock_key_is_a_bearer_token_wherever_it_stands() {
        Map<String, String> environment = Map.of("AWS_REGION", "eu-west-1", "AWS_BEARER_TOKEN_BEDROCK", CANARY);

        Settings written = settings(block("aws_bearer_token: " + CANARY), ENVIRONMENT);
        Settings found = settings(yaml("config: {}"), environment);
        Settings beside = settings(block("profile: p"), environment);

        assertThat(written).isEqualTo(found);
        assertThat(written.credential()).isEqualTo(new Credential.Key(new Secret(CANARY)));
        assertThat(written.tokens()).isEmpty();
        assertThat(source(beside).profile()).contains("p");
    }

    @Test
    void a_credential_with_a_name_serves_many_targets() {
        String yaml = """
                credentials:
                  - {name: prod, type: aws, aws_region: us-west-2, profile: prod, aws_role_arn: 'arn:aws:iam::1:role/r'}
                """ + yaml("credential: prod, config: {aws_config: {aws_region: us-east-1}}");

        Settings settings = settings(yaml, ENVIRONMENT);

        assertThat(settings.text(AwsSettings.REGION)).contains("us-east-1");
        assertThat(source(settings).region()).isEqualTo("us-west-2");
        assertThat(source(settings).profile()).contains("prod");
    }

    @Test
    void a_static_credential_is_a_bedrock_key() {
        String yaml = "credentials:\n  - {name: key, type: static, value: " + CANARY + "}\n" + yaml("credential: key");

        Settings settings = settings(yaml, ENVIRONMENT);

        assertThat(settings.secret(AwsSettings.BEARER)).contains(new Secret(CANARY));
        assertThat(settings.tokens()).isEmpty();
    }

    @Test
    void everything_that_is_wrong_is_told_with_its_place() {
        String problems = problems(
                block("aws_region: 'us east', aws_access_key_id: $ID, aws_session_token: '', profile: p,"
                        + " aws_role_arn: r, role_session_name: 'a b', session_length_seconds: 60,"
                        + " endpoint_url: nowhere"),
                ENVIRONMENT);

        String at = "endpoints[0].model.config.aws_config.";
        assertThat(problems.lines().toList())
                .anySatisfy(line -> assertThat(line).contains(at + "aws_region: is no region"))
                .anySatisfy(line -> assertThat(line).contains(at + "aws_secret_access_key: is missing"))
                .anySatisfy(line -> assertThat(line).contains(at + "aws_session_token: is empty"))
                .anySatisfy(line -> assertThat(line).contains(at + "aws_role_arn: is no name of a role"))
                .anySatisfy(line -> assertThat(line).contains(at + "role_session_name: must be"))
                .anySatisfy(line -> assertThat(line).contains(at + "session_length_seconds: must be"))
                .anySatisfy(line -> assertThat(line).contains(at + "endpoint_url: must be"))
                .hasSize(7);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "aws_access_key_id: a, aws_secret_access_key: " + CANARY + ", profile: p;profile: stands beside keys",
                "aws_bearer_token: " + CANARY + ", profile: p;profile: stands beside aws_bearer_token",
                "aws_session_token: " + CANARY + ";aws_session_token: is of no use without keys",
                "aws_secret_access_key: " + CANARY + ";aws_access_key_id: is missing"
            })
    void what_cannot_stand_together_is_refused(String keys, String problem) {
        assertThat(problems(block(keys), ENVIRONMENT))
                .contains("aws_config." + problem)
                .doesNotContain(CANARY);
    }

    @Test
    void a_block_that_is_none_an_unknown_key_and_a_missing_region_are_told() {
        assertThat(problems(yaml("config: {aws_config: us-east-1}"), ENVIRONMENT))
                .contains("config.aws_config: a mapping of settings was expected");
        assertThat(problems(block("region: us-east-1"), ENVIRONMENT))
                .contains("config.aws_config: unknown key 'region' is ignored");
        assertThat(problems(block(""), Map.of())).contains("config.aws_config.aws_region: is missing");
    }

    @Test
    void a_key_that_stands_above_its_block_is_told_where_it_belongs() {
        assertThat(problems(yaml("config: {aws_region: eu-central-1, aws_role: r}"), ENVIRONMENT))
                .contains("unknown key 'aws_region' is ignored; it belongs below 'aws_config'")
                .contains("unknown key 'aws_role' is ignored");
    }

    @Test
    void a_credential_stands_beside_no_other() {
        String yaml = "credentials:\n  - {name: c, type: aws, profile: p}\n"
                + yaml("credential: c, config: {aws_config: {aws_role_arn: 'arn:r', aws_bearer_token: b}}");

        assertThat(problems(yaml, ENVIRONMENT))
                .contains("aws_role_arn: stands beside credential")
                .contains("aws_bearer_token: stands beside credential");
    }

    @Test
    void what_only_a_role_needs_is_warned_of_without_one() {
        assertThat(problems(block("external_id: x"), ENVIRONMENT))
                .contains("none, but")
                .contains("external_id");
    }
}
