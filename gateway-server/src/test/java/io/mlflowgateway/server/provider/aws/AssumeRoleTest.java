package io.mlflowgateway.server.provider.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mlflowgateway.server.secret.Secret;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AssumeRoleTest {
    private static final Instant NOW = Instant.parse("2026-11-22T02:30:15Z");
    private static final AssumeRole ROLE = new AssumeRole(
            "arn:aws:iam::123456789012:role/demo+x",
            "mlflow-gateway",
            Optional.of("a:b/c=1"),
            Optional.of(Duration.ofMinutes(15)));

    // What botocore 1.44.5 sends at that instant.
    @ParameterizedTest
    @CsvSource({
        "'', host;x-amz-date, d1bd438a31ba591acdad1e090f50b4714351b3cb90cdde40a4c04f15361543e0",
        "FAKE/TOKEN+==, host;x-amz-date;x-amz-security-token, "
                + "e67e7e5a7bb740d86c1a0b8f74b8fc45d3749ca87b14c24e896bcdda701e9ae2"
    })
    void the_request_is_the_one_that_the_sdk_sends(String token, String signed, String signature) {
        CredentialRequest request =
                ROLE.request(AssumeRole.endpoint("us-west-2"), "us-west-2", credentials(token), NOW);

        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.url()).isEqualTo("https://sts.us-west-2.amazonaws.com/");
        assertThat(new String(request.body().toBytes(), StandardCharsets.UTF_8))
                .isEqualTo("Action=AssumeRole&Version=2011-06-15"
                        + "&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fdemo%2Bx&RoleSessionName=mlflow-gateway"
                        + "&DurationSeconds=900&ExternalId=a%3Ab%2Fc%3D1");
        assertThat(request.headers())
                .containsEntry("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
                .containsEntry("Content-Length", String.valueOf(request.body().length()))
                .containsEntry("X-Amz-Date", "20261122T023015Z")
                .containsEntry(
                        "Authorization",
                        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261122/us-west-2/sts/aws4_request, "
                                + "SignedHeaders=content-type;" + signed + ", Signature=" + signature);
        assertThat(request).hasToString("CredentialRequest[POST]");
    }

    @ParameterizedTest
    @CsvSource({
        "eu-central-1, https://sts.eu-central-1.amazonaws.com",
        "us-gov-west-1, https://sts.us-gov-west-1.amazonaws.com",
        "cn-north-1, https://sts.cn-north-1.amazonaws.com.cn"
    })
    void every_region_has_its_endpoint(String region, String endpoint) {
        assertThat(AssumeRole.endpoint(region)).isEqualTo(URI.create(endpoint));
    }

    @Test
    void another_endpoint_may_have_a_port_and_a_path() {
        CredentialRequest request =
                ROLE.request(URI.create("http://127.0.0.1:4566/sts"), "us-west-2", credentials(""), NOW);

        assertThat(request.url()).isEqualTo("http://127.0.0.1:4566/sts/");
    }

    @Test
    void the_answer_holds_credentials_that_expire() throws Exception {
        AwsCredentials credentials = AssumedRole.read(200, utf8(AwsFixtures.text("assume-role.xml")));

        assertThat(credentials)
                .isEqualTo(new AwsCredentials(
                        "ASIAFAKEROLE",
                        new Secret("fake/role+secret&"),
                        Optional.of(new Secret("fake/role+token==")),
                        Optional.of(Instant.parse("2026-11-22T03:30:15Z"))));
    }

    @Test
    void a_refusal_is_told_by_its_code_and_no_word_more() {
        CredentialsProblem problem = problem(403, AwsFixtures.text("assume-role-error.xml"));

        assertThat(problem).hasMessage("STS refused the role with status 403 (AccessDenied)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<html>moved", "<!DOCTYPE r><r/>"})
    void a_refusal_in_words_that_are_not_those_of_sts_is_told_by_its_status(String words) {
        assertThat(problem(503, words)).hasMessage("STS refused the role with status 503");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<!DOCTYPE r [<!ENTITY e SYSTEM 'file:///etc/hostname'>]><AssumeRoleResponse>&e;</AssumeRoleResponse>",
                "<!DOCTYPE r SYSTEM 'http://127.0.0.1:1/x.dtd'><r/>",
                "<!DOCTYPE r [<!ENTITY % p SYSTEM 'http://127.0.0.1:1/'> %p;]><r/>",
                "<!DOCTYPE r [<!ENTITY a 'aaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>]><r>&b;</r>",
                "<!DOCTYPE r><r/>",
                "<r>&undeclared;</r>",
                "<r>",
                "",
                "{\"json\":1}"
            })
    void an_answer_with_a_document_type_or_that_is_no_xml_is_refused(String xml) {
        assertThat(problem(200, xml)).hasMessageContaining("not well-formed");
    }

    @Test
    void elements_may_be_neither_many_bytes_nor_deep() {
        assertThat(problem(200, "<a>".repeat(9_000) + "</a>".repeat(9_000))).hasMessageContaining("not well-formed");
        assertThat(problem(200, "<a>" + "x".repeat(70_000) + "</a>")).hasMessageContaining("65536 bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"})
    void an_answer_that_lacks_something_is_refused_by_its_name(String element) {
        String xml = AwsFixtures.text("assume-role.xml").replace(element + ">", "Other>");

        assertThat(problem(200, xml)).hasMessage("STS answered without " + element);
    }

    @Test
    void credentials_elsewhere_in_the_answer_are_none() {
        String xml = AwsFixtures.text("assume-role.xml").replace("AssumeRoleResult>", "OtherResult>");

        assertThat(problem(200, xml)).hasMessage("STS answered without AccessKeyId");
    }

    @Test
    void an_expiry_that_is_no_instant_is_refused() {
        String xml = AwsFixtures.text("assume-role.xml").replace("2026-11-22T03:30:15Z", "tomorrow");

        assertThat(problem(200, xml)).hasMessageContaining("Expiration is no instant");
    }

    private static CredentialsProblem problem(int status, String xml) {
        return catchThrowableOfType(CredentialsProblem.class, () -> AssumedRole.read(status, utf8(xml)));
    }

    private static AwsCredentials credentials(String token) {
        return new AwsCredentials(
                "AKIDEXAMPLE",
                new Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
                token.isEmpty() ? Optional.empty() : Optional.of(new Secret(token)),
                Optional.empty());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
