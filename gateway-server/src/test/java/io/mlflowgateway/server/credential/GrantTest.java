package io.mlflowgateway.server.credential;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mlflowgateway.server.config.TokenSource;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.provider.UpstreamRequest;
import io.mlflowgateway.server.secret.Secret;
import io.mlflowgateway.server.testing.Await;
import io.mlflowgateway.server.testing.ServiceAccountKey;
import java.io.ByteArrayOutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.Signature;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class GrantTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.9Z");

    private static String body(UpstreamRequest request) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        request.body().writeTo(bytes::write);
        return bytes.toString(StandardCharsets.US_ASCII);
    }

    @Test
    void id_and_secret_go_in_the_body_encoded() {
        var source = new TokenSource.ClientCredentials(
                "http://h/token", "an id", new Secret("a&b=c+d%~é"), "api://x/.default", false);

        UpstreamRequest request = Await.value(new ClientCredentialsGrant(source).request());

        assertThat(request.url()).isEqualTo("http://h/token");
        assertThat(request.headers()).isEmpty();
        assertThat(request.contentType()).isEqualTo("application/x-www-form-urlencoded");
        assertThat(request.streams()).isFalse();
        assertThat(body(request))
                .isEqualTo("grant_type=client_credentials&scope=api%3A%2F%2Fx%2F.default&client_id=an+id"
                        + "&client_secret=a%26b%3Dc%2Bd%25%7E%C3%A9");
        assertThat(request.toString()).doesNotContain("client_secret");
    }

    @Test
    void id_and_secret_go_in_the_head_where_the_endpoint_wants_them_there() {
        var source = new TokenSource.ClientCredentials("http://h/token", "i:d", new Secret("s s"), "", true);

        UpstreamRequest request = Await.value(new ClientCredentialsGrant(source).request());

        String pair = Base64.getEncoder().encodeToString("i%3Ad:s+s".getBytes(StandardCharsets.US_ASCII));
        assertThat(request.headers()).isEqualTo(Map.of("Authorization", "Basic " + pair));
        assertThat(body(request)).isEqualTo("grant_type=client_credentials");
    }

    @Test
    void a_service_account_signs_what_it_claims() throws Exception {
        ServiceAccountKey key = ServiceAccountKey.create();
        Secret pem = new Secret(key.pem());
        var source = new TokenSource.ServiceAccount("http://h/token", "me@test", "key-1", pem, "a b");
        List<Secret> keptOut = new ArrayList<>();

        UpstreamRequest request =
                Await.value(new ServiceAccountGrant(source, Clock.fixed(NOW, ZoneOffset.UTC), keptOut::add).request());

        Map<String, String> form = Arrays.stream(body(request).split("&"))
                .map(field -> field.split("=", 2))
                .collect(Collectors.toMap(
                        field -> field[0], field -> URLDecoder.decode(field[1], StandardCharsets.UTF_8)));
        String[] assertion = form.getOrDefault("assertion", "").split("\\.");
        assertThat(form)
                .containsOnlyKeys("grant_type", "assertion")
                .containsEntry("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer");
        assertThat(decoded(assertion[0])).isEqualTo(json("{'alg':'RS256','typ':'JWT','kid':'key-1'}"));
        assertThat(decoded(assertion[1]))
                .isEqualTo(json("{'iss':'me@test','scope':'a b','aud':'http://h/token','iat':1767323045,"
                        + "'exp':1767326645}"));
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initVerify(key.keys().getPublic());
        signature.update((assertion[0] + "." + assertion[1]).getBytes(StandardCharsets.US_ASCII));
        assertThat(signature.verify(Base64.getUrlDecoder().decode(assertion[2])))
                .isTrue();
        assertThat(keptOut).containsExactly(new Secret(String.join(".", assertion)));
    }

    private static JsonNode decoded(String part) throws Exception {
        return Json.tree(Base64.getUrlDecoder().decode(part));
    }

    private static JsonNode json(String text) throws Exception {
        return Json.tree(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }
}
