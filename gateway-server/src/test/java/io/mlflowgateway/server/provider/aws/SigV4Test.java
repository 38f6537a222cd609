package io.mlflowgateway.server.provider.aws;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mlflowgateway.server.json.BodyScanner;
import io.mlflowgateway.server.query.Body;
import io.mlflowgateway.server.query.Payload;
import io.mlflowgateway.server.secret.Secret;
import io.mlflowgateway.server.testing.Await;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

class SigV4Test {
    private static final String ACCESS_KEY = "AKIDEXAMPLE";
    private static final Secret SECRET_KEY = new Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    private static final Instant SUITE_INSTANT = Instant.parse("2015-08-30T12:36:00Z");
    private static final Instant LATER = Instant.parse("2026-11-22T02:30:15Z");
    private static final JsonNode BEDROCK = AwsFixtures.json("bedrock-signatures.json");

    static List<SuiteCase> suite() throws Exception {
        try (Stream<Path> files = Files.walk(AwsFixtures.folder("sigv4"))) {
            return files.filter(file -> file.toString().endsWith(".req"))
                    .sorted()
                    .map(SuiteCase::read)
                    .toList();
        }
    }

    static Stream<JsonNode> bedrock() {
        return StreamSupport.stream(BEDROCK.path("cases").spliterator(), false);
    }

    @Test
    void the_whole_published_suite_is_there() throws Exception {
        assertThat(suite()).hasSize(34);
    }

    @ParameterizedTest
    @MethodSource("suite")
    void every_request_of_the_published_suite_has_its_canonical_form_and_signature(SuiteCase published) {
        SigV4 signing = new SigV4("us-east-1", "service");

        Map<String, String> headers = signing.sign(published.request(), published.credentials(), SUITE_INSTANT);

        assertThat(canonical(published).text()).isEqualTo(published.canonical());
        assertThat(headers).containsEntry("Authorization", published.authorization());
        assertThat(headers).containsEntry("X-Amz-Date", "20150830T123600Z");
    }

    private static CanonicalRequest canonical(SuiteCase published) {
        Map<String, String> added = new HashMap<>(Map.of("X-Amz-Date", "20150830T123600Z"));
        published.credentials().sessionToken().ifPresent(token -> added.put("X-Amz-Security-Token", token.reveal()));
        String hash = published.canonical().substring(published.canonical().lastIndexOf('\n') + 1);
        return CanonicalRequest.of(published.request(), added, hash, false);
    }

    @ParameterizedTest
    @MethodSource("bedrock")
    void a_call_of_bedrock_is_signed_as_the_sdk_signs_it(JsonNode sent) {
        Optional<Secret> token =
                Optional.ofNullable(sent.path("sessionToken").textValue()).map(Secret::new);
        AwsRequest request =
                bedrockRequest(sent.path("host").asText(), sent.path("path").asText());

        Map<String, String> headers = new SigV4("us-west-2", "bedrock").sign(request, credentials(token), LATER);

        assertThat(headers)
                .containsEntry("Authorization", sent.path("authorization").asText());
        assertThat(Optional.ofNullable(headers.get("X-Amz-Security-Token"))).isEqualTo(token.map(Secret::reveal));
    }

    @Test
    void a_percent_sign_of_the_path_is_encoded_once_more_but_not_for_s3() {
        AwsRequest request = bedrockRequest("h", "/model/a%3A0//converse");

        assertThat(CanonicalRequest.of(request, Map.of(), "", false).text()).contains("\n/model/a%253A0/converse\n");
        assertThat(CanonicalRequest.of(request, Map.of(), "", true).text()).contains("\n/model/a%3A0//converse\n");
        assertThat(signatureFor("s3", request)).isNotEqualTo(signatureFor("s4", request));
    }

    @Test
    void a_query_is_signed_in_the_one_form_that_all_its_spellings_have() {
        AwsRequest spelled = new AwsRequest("GET", "h", "/", "b=%7e&a=x%20y%2f&c&a=%zz%", Map.of(), empty());

        String canonical = CanonicalRequest.of(spelled, Map.of(), "", false).text();

        assertThat(canonical.split("\n")[2]).isEqualTo("a=%25zz%25&a=x%20y%2F&b=~&c=");
    }

    @Test
    void a_body_in_several_parts_is_signed_as_one() {
        byte[] whole = "{\"model\":\"m\",\"n\":1}".getBytes(StandardCharsets.UTF_8);
        Payload parts = scanned(whole).edit().set("n", "1").toPayload();
        AwsRequest inParts = new AwsRequest("POST", "h", "/", "", Map.of(), parts);
        AwsRequest inOne = new AwsRequest("POST", "h", "/", "", Map.of(), Payload.of(parts.toBytes()));

        assertThat(signatureFor("bedrock", inParts)).isEqualTo(signatureFor("bedrock", inOne));
    }

    @Test
    void signing_holds_up_no_thread_that_may_not_wait() {
        SigV4.prepare();
        SigV4 signing = new SigV4("us-west-2", "bedrock");
        AwsRequest request = bedrockRequest("h", "/model/m/converse");

        Map<String, String> headers =
                Await.value(Mono.fromSupplier(() -> signing.sign(request, credentials(Optional.empty()), LATER))
                        .subscribeOn(Schedulers.parallel()));

        assertThat(headers).containsKey("Authorization");
    }

    @Test
    void nothing_of_credentials_or_of_a_request_is_printed() {
        AwsRequest request =
                new AwsRequest("POST", "h", "/", "", Map.of("Authorization", "canary"), Payload.of(new byte[] {'c'}));

        assertThat(credentials(Optional.of(new Secret("canary")))).hasToString("AwsCredentials[***]");
        assertThat(request).hasToString("AwsRequest[POST h, 1 bytes]");
    }

    private static Body scanned(byte[] json) {
        try {
            return BodyScanner.scan(json);
        } catch (BodyScanner.Malformed e) {
            throw new AssertionError(e);
        }
    }

    private static String signatureFor(String service, AwsRequest request) {
        Map<String, String> headers =
                new SigV4("us-west-2", service).sign(request, credentials(Optional.empty()), LATER);
        return String.valueOf(headers.get("Authorization")).replaceAll(".*Signature=", "");
    }

    private static AwsRequest bedrockRequest(String host, String path) {
        Payload body = Payload.of(BEDROCK.path("body").asText().getBytes(StandardCharsets.UTF_8));
        return new AwsRequest("POST", host, path, "", Map.of("Content-Type", "application/json"), body);
    }

    private static AwsCredentials credentials(Optional<Secret> token) {
        return new AwsCredentials(ACCESS_KEY, SECRET_KEY, token, Optional.empty());
    }

    private static Payload empty() {
        return Payload.of(new byte[0]);
    }

    /** One folder of the suite. The path of its requests is not encoded: signing encodes it for the first time. */
    record SuiteCase(
            String name, AwsRequest request, AwsCredentials credentials, String canonical, String authorization) {
        static SuiteCase read(Path file) {
            String text = AwsFixtures.text(file);
            int bodyAt = text.indexOf("\n\n");
            String head = bodyAt < 0 ? text : text.substring(0, bodyAt);
            String body = bodyAt < 0 ? "" : text.substring(bodyAt + 2);
            String[] lines = head.replaceAll("\n[ \t]+", " ").split("\n");
            Map<String, String> headers = headers(List.of(lines).subList(1, lines.length));
            Optional<Secret> token = Optional.ofNullable(headers.remove("x-amz-security-token"))
                    .or(() -> tokenIn(beside(file, ".creq")))
                    .map(Secret::new);
            headers.remove("x-amz-date");
            String host = headers.remove("host");
            // The path may hold a space.
            String target = lines[0].substring(lines[0].indexOf(' ') + 1, lines[0].lastIndexOf(' '));
            int query = target.indexOf('?');
            AwsRequest request = new AwsRequest(
                    lines[0].substring(0, lines[0].indexOf(' ')),
                    host == null ? "" : host,
                    query < 0 ? target : target.substring(0, query),
                    query < 0 ? "" : target.substring(query + 1),
                    headers,
                    Payload.of(body.getBytes(StandardCharsets.UTF_8)));
            return new SuiteCase(
                    String.valueOf(file.getFileName()),
                    request,
                    SigV4Test.credentials(token),
                    beside(file, ".creq"),
                    beside(file, ".authz"));
        }

        /** Values of one name are joined, as a sender may do. */
        private static Map<String, String> headers(List<String> lines) {
            Map<String, String> headers = new HashMap<>();
            for (String line : lines) {
                String[] header = line.split(":", 2);
                headers.merge(header[0].toLowerCase(Locale.ROOT), header[1].strip(), (a, b) -> a + "," + b);
            }
            return headers;
        }

        private static Optional<String> tokenIn(String canonical) {
            return canonical
                    .lines()
                    .filter(line -> line.startsWith("x-amz-security-token:"))
                    .map(line -> line.substring(line.indexOf(':') + 1))
                    .findFirst();
        }

        private static String beside(Path request, String ending) {
            return AwsFixtures.text(
                    request.resolveSibling(String.valueOf(request.getFileName()).replace(".req", ending)));
        }

        @Override
        public String toString() {
            return name;
        }
    }
}
