package io.mlflowgateway.server.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mlflowgateway.server.config.AwsSettings;
import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.query.Deadline;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Payload;
import io.mlflowgateway.server.query.Query;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.secret.Credential;
import io.mlflowgateway.server.secret.Secret;
import io.mlflowgateway.server.testing.Await;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;

/** How an attempt's credential becomes headers of a request to Bedrock. */
class BedrockSigningTest {
    private static final JsonNode VECTORS = vectors();

    private final BedrockProvider provider = new BedrockProvider();

    private static JsonNode vectors() {
        String file = "/provider/aws/bedrock-signatures.json";
        try (InputStream in = BedrockSigningTest.class.getResourceAsStream(file)) {
            assertThat(in).isNotNull();
            return ProviderContract.json(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<JsonNode> sent() {
        return StreamSupport.stream(VECTORS.path("cases").spliterator(), false);
    }

    private static Attempt attempt(String region, Optional<Secret> token, Map<String, String> texts) {
        Credential.Keys keys = new Credential.Keys(
                VECTORS.path("accessKeyId").asText(),
                new Secret(VECTORS.path("secretKey").asText()),
                token);
        Instant now = Instant.parse(VECTORS.path("instant").asText());
        Map<String, String> all = new HashMap<>(texts);
        all.put(AwsSettings.REGION, region);
        return new Attempt("m", new Settings(all, Map.of()), keys, now);
    }

    @ParameterizedTest
    @MethodSource("sent")
    void a_request_is_signed_as_the_sdk_signs_it(JsonNode vector) {
        Optional<Secret> token =
                Optional.ofNullable(vector.path("sessionToken").textValue()).map(Secret::new);
        String host = vector.path("host").asText();
        String url = (host.contains(":") ? "http://" : "https://")
                + host
                + vector.path("path").asText();
        UpstreamRequest request = new UpstreamRequest(
                url,
                Map.of(),
                Payload.of(ProviderContract.utf8(VECTORS.path("body").asText())),
                true,
                Framing.AWS_EVENT_STREAM);

        UpstreamRequest signed =
                provider.authorized(request, attempt(VECTORS.path("region").asText(), token, Map.of()));

        assertThat(signed.headers())
                .containsEntry("Authorization", vector.path("authorization").asText())
                .containsEntry("X-Amz-Date", "20261122T023015Z")
                .hasSize(token.isPresent() ? 3 : 2);
        assertThat(signed.framing()).isEqualTo(Framing.AWS_EVENT_STREAM);
        assertThat(signed.body().toBytes()).isEqualTo(request.body().toBytes());
    }

    @ParameterizedTest
    @CsvSource({"https://h:443,https://h", "http://h:80,http://h"})
    void the_port_of_the_scheme_is_not_part_of_the_host(String with, String without) {
        UpstreamRequest one = provider.authorized(request(with), attempt("r", Optional.empty(), Map.of()));
        UpstreamRequest other = provider.authorized(request(without), attempt("r", Optional.empty(), Map.of()));

        assertThat(one.headers()).isEqualTo(other.headers());
    }

    private static UpstreamRequest request(String base) {
        return new UpstreamRequest(base + "/model/m/converse", Map.of(), ProviderContract.utf8("{}"), false);
    }

    @Test
    void what_is_sent_is_what_was_signed() {
        List<UpstreamRequest> sent = new ArrayList<>();
        Sender sender = (request, deadline) -> {
            sent.add(request);
            return Mono.error(Failure.upstream(503, "not now"));
        };
        Attempt attempt = attempt("us-west-2", Optional.empty(), Map.of(AwsSettings.ENDPOINT, "http://127.0.0.1:1/p"));
        Query query =
                ProviderContract.query(Task.CHAT, "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}", false);

        Failure failure = Await.failure(provider.ask(query, attempt, sender, Deadline.in(Duration.ofSeconds(5))));

        UpstreamRequest unsigned = provider.encode(query, attempt);
        assertThat(failure.status()).isEqualTo(503);
        assertThat(sent).hasSize(1);
        assertThat(sent.get(0).headers())
                .isEqualTo(provider.authorized(unsigned, attempt).headers())
                .containsKeys("Authorization", "X-Amz-Date");
    }

    @Test
    void what_waits_for_its_turn_is_signed_when_it_is_sent() {
        List<String> dates = new ArrayList<>();
        UpstreamResponse answer = new UpstreamResponse.Whole(
                200, Optional.empty(), "application/json", ProviderContract.utf8("{\"embedding\":[1]}"));
        Sender sender = (request, deadline) -> {
            dates.add(request.headers().getOrDefault("X-Amz-Date", ""));
            return Mono.just(answer);
        };
        Attempt early = attempt("r", Optional.empty(), Map.of());
        Attempt lasting = new Attempt(
                early.model(),
                early.settings(),
                early.credential(),
                Map.of(),
                () -> early.now().plusSeconds(60L * dates.size()));
        Query query = ProviderContract.query(Task.EMBEDDINGS, "{\"input\":[\"1\",\"2\",\"3\",\"4\",\"5\"]}", false);

        Reply reply = Await.value(provider.ask(query, lasting, sender, Deadline.in(Duration.ofSeconds(30))));

        assertThat(reply).isNotNull();
        assertThat(dates).hasSize(5).doesNotHaveDuplicates().isSortedAccordingTo(Comparator.naturalOrder());
    }

    @Test
    void a_bedrock_key_is_shown_and_nothing_signed() {
        Settings settings =
                new Settings(Map.of(AwsSettings.REGION, "r"), Map.of(AwsSettings.BEARER, new Secret("fake-key")));

        UpstreamRequest shown =
                provider.authorized(request("http://h"), new Attempt("m", settings, ProviderContract.NOW));

        assertThat(shown.headers()).containsOnly(Map.entry("Authorization", "Bearer fake-key"));
    }
}
