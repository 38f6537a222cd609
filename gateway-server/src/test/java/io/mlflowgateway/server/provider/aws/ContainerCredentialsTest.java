package io.mlflowgateway.server.provider.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mlflowgateway.server.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContainerCredentialsTest {
    private static final String RELATIVE = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
    private static final String FULL = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
    private static final String TOKEN = "AWS_CONTAINER_AUTHORIZATION_TOKEN";
    private static final String TOKEN_FILE = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";
    private static final String PODS = "http://169.254.170.23/v1/credentials";

    @Test
    void without_a_variable_there_is_no_endpoint() throws Exception {
        assertThat(ContainerCredentials.of(Map.of(TOKEN, "t", RELATIVE, ""))).isEmpty();
    }

    @Test
    void a_relative_path_is_asked_of_the_task_endpoint() throws Exception {
        ContainerCredentials endpoint = of(Map.of(RELATIVE, "/v2/credentials/canary?id=1", FULL, PODS));

        CredentialRequest request = endpoint.request(Optional.empty());

        assertThat(request.method()).isEqualTo("GET");
        assertThat(request.url()).isEqualTo("http://169.254.170.2/v2/credentials/canary?id=1");
        assertThat(request.headers()).containsExactly(Map.entry("Accept", "application/json"));
        assertThat(endpoint.toString() + request).doesNotContain("canary");
    }

    @Test
    void the_token_of_a_file_counts_before_that_of_a_variable() throws Exception {
        ContainerCredentials endpoint = of(Map.of(FULL, PODS, TOKEN, "variable", TOKEN_FILE, "/var/run/token"));

        CredentialRequest request = endpoint.request(Optional.of(new Secret("of-file")));

        assertThat(endpoint.tokenFile()).contains("/var/run/token");
        assertThat(request.headers()).containsEntry("Authorization", "of-file");
        assertThat(catchThrowableOfType(CredentialsProblem.class, () -> endpoint.request(Optional.empty())))
                .hasMessageContaining(TOKEN_FILE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nX-More: 1", "a\n", "ä", "a\u0000b"})
    void a_token_that_cannot_stand_in_a_header_is_refused_untold(String token) throws Exception {
        ContainerCredentials endpoint = of(Map.of(FULL, PODS, TOKEN, token));

        CredentialsProblem problem =
                catchThrowableOfType(CredentialsProblem.class, () -> endpoint.request(Optional.empty()));

        assertThat(problem).hasMessage("the authorization token of the container cannot stand in a header");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://vault.example/creds",
                "http://localhost:8080/creds",
                "http://127.0.0.1:51679/creds",
                "http://127.9.9.9/creds",
                "http://[::1]:80/creds",
                "http://[fd00:ec2::23]/v1/credentials",
                PODS
            })
    void a_url_of_tls_or_of_this_machine_may_be_asked(String url) throws Exception {
        assertThat(of(Map.of(FULL, url)).url()).isEqualTo(url);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://example.com/creds",
                "http://169.254.169.254/latest",
                "http://127.0.0.1.example.com/",
                "http://localhost.example.com/",
                "http://127.0.0.1@example.com/",
                "https://user:word@example.com/",
                "ftp://localhost/",
                "localhost:80",
                "/path",
                "http://a b/"
            })
    void any_other_is_refused_untold(String url) {
        CredentialsProblem problem =
                catchThrowableOfType(CredentialsProblem.class, () -> ContainerCredentials.of(Map.of(FULL, url)));

        assertThat(problem).hasMessageContaining(FULL).hasMessageNotContaining(url);
    }

    @ParameterizedTest
    @ValueSource(strings = {"@example.com/", ".example.com/", ":80@example.com/", "v2"})
    void a_relative_path_leads_nowhere_else(String path) {
        assertThat(catchThrowableOfType(
                        CredentialsProblem.class, () -> ContainerCredentials.of(Map.of(RELATIVE, path))))
                .hasMessageContaining(RELATIVE);
    }

    @Test
    void the_answer_holds_credentials_that_expire() throws Exception {
        AwsCredentials credentials =
                ContainerCredentials.read(200, utf8(AwsFixtures.text("container-credentials.json")));

        assertThat(credentials)
                .isEqualTo(new AwsCredentials(
                        "ASIAFAKECONTAINER",
                        new Secret("fake/container+secret"),
                        Optional.of(new Secret("fake/container+token==")),
                        Optional.of(Instant.parse("2026-11-22T08:30:15Z"))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"AccessKeyId", "SecretAccessKey", "Token", "Expiration"})
    void an_answer_that_lacks_something_is_refused_by_its_name(String member) {
        String json = AwsFixtures.text("container-credentials.json").replace("\"" + member + "\"", "\"other\"");

        assertThat(problem(200, json)).hasMessage("the container's credential endpoint answered without " + member);
    }

    @Test
    void an_answer_of_another_status_or_that_is_no_json_is_refused_untold() {
        assertThat(problem(404, "{\"message\":\"canary\"}")).hasMessageEndingWith("with status 404");
        assertThat(problem(200, "canary")).hasMessageEndingWith("broken JSON");
    }

    private static CredentialsProblem problem(int status, String json) {
        return catchThrowableOfType(CredentialsProblem.class, () -> ContainerCredentials.read(status, utf8(json)));
    }

    private static ContainerCredentials of(Map<String, String> environment) throws CredentialsProblem {
        return ContainerCredentials.of(environment).orElseThrow();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
