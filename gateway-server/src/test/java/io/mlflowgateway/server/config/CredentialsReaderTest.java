package io.mlflowgateway.server.config;

import static io.mlflowgateway.server.config.SampleConfigs.CANARY;
import static io.mlflowgateway.server.config.SampleConfigs.good;
import static io.mlflowgateway.server.config.SampleConfigs.problems;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.secret.Credential;
import io.mlflowgateway.server.secret.Secret;
import io.mlflowgateway.server.testing.ServiceAccountKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CredentialsReaderTest {
    @TempDir
    private Path folder;

    private static String route(String name, String model) {
        return "  - {name: %s, endpoint_type: llm/v1/chat, model: {%s}}%n".formatted(name, model);
    }

    /** One route that uses the credential {@code c}. */
    private static String used(String credential) {
        return "credentials:\n  - {name: c, " + credential + "}\nendpoints:\n"
                + route("a", "provider: openai, name: m, credential: c");
    }

    private static Settings settings(GatewayConfig config, int route) {
        return config.routes().get(route).targets().get(0).settings();
    }

    @Test
    void a_static_credential_stands_in_place_of_the_key_of_every_target_that_names_it() {
        var config = good("""
                credentials:
                  - {name: openai-prod, type: static, value: $OPENAI_API_KEY}
                endpoints:
                """ + route("a", "provider: openai, name: m, credential: openai-prod")
                + route("b", "provider: openai, name: n, credential: openai-prod, config: {openai_organization: o}"));

        assertThat(config.warnings()).isEmpty();
        assertThat(settings(config, 0).secret("openai_api_key")).contains(new Secret("sk-from-env"));
        assertThat(settings(config, 1).credential()).isEqualTo(new Credential.Key(new Secret("sk-from-env")));
        assertThat(settings(config, 1).text("openai_organization")).contains("o");
        assertThat(settings(config, 1).tokens()).isEmpty();
        assertThat(config.secrets()).containsExactly(new Secret("sk-from-env"));
    }

    @Test
    void client_credentials_say_where_and_how_tokens_are_asked_for() {
        var config = good(used("type: oauth-client-credentials, token_url: 'https://h/oidc/v1/token/', client_id: 17, "
                + "client_secret: " + CANARY + ", scope: all-apis, client_auth: basic"));

        assertThat(settings(config, 0).tokens())
                .contains(new TokenSource.ClientCredentials(
                        "https://h/oidc/v1/token", "17", new Secret(CANARY), "all-apis", true));
        assertThat(settings(config, 0).secrets()).isEmpty();
        assertThat(config.secrets()).containsExactly(new Secret(CANARY));
        assertThat(config.toString()).doesNotContain(CANARY);
    }

    @Test
    void id_and_secret_go_in_the_body_unless_the_file_says_otherwise() {
        var config =
                good(used("type: oauth-client-credentials, token_url: 'https://h/t', client_id: i, client_secret: s"));

        assertThat(settings(config, 0).tokens())
                .contains(new TokenSource.ClientCredentials("https://h/t", "i", new Secret("s"), "", false));
    }

    @Test
    void a_service_account_is_read_from_its_key_file() throws Exception {
        String pem = ServiceAccountKey.create().pem();
        Path file = keyFile(account(pem));

        var config = good(used("type: google-service-account, key_file: '" + file + "'"));

        assertThat(settings(config, 0).tokens())
                .contains(new TokenSource.ServiceAccount(
                        "https://oauth2.example.com/token",
                        "gateway@project.example.com",
                        "key-1",
                        new Secret(pem),
                        "https://www.googleapis.com/auth/cloud-platform"));
        assertThat(config.secrets()).containsExactly(new Secret(pem));
    }

    @Test
    void a_key_file_without_a_token_url_is_asked_of_google() throws Exception {
        ObjectNode account = account(ServiceAccountKey.create().pem());
        account.remove("token_uri");

        var config = good(used("type: google-service-account, key_file: '" + keyFile(account) + "', scope: s"));

        assertThat(settings(config, 0).tokens().map(TokenSource::place))
                .contains("https://oauth2.googleapis.com/token");
    }

    @Test
    void everything_that_is_wrong_with_a_key_file_is_told_and_nothing_of_it_is_shown() throws Exception {
        ObjectNode broken = account("-----BEGIN PRIVATE KEY-----\n" + CANARY + "\n-----END PRIVATE KEY-----\n");
        broken.remove("client_email");
        ObjectNode user = account(CANARY).put("type", "authorized_user");
        Path noJson = Files.writeString(folder.resolve("no.json"), "{\"private_key\": " + CANARY);

        String found = problems(used("type: google-service-account, key_file: '" + keyFile(broken) + "'"))
                + problems(used("type: google-service-account, key_file: '" + keyFile(user) + "'"))
                + problems(used("type: google-service-account, key_file: '" + noJson + "'"))
                + problems(used("type: google-service-account, key_file: '" + folder.resolve("gone") + "'"))
                + problems(used("type: google-service-account, key_file: $NOT_SET"));

        assertThat(found)
                .contains("gateway.yaml:2: credentials[0].key_file: the key file has no client_email")
                .contains("credentials[0].key_file: the key file's private_key is no ")
                .contains("credentials[0].key_file: the key file is not of a service account")
                .contains("credentials[0].key_file: the key file is not a JSON object")
                .contains("credentials[0].key_file: there is no such file")
                .contains("credentials[0].key_file: the environment variable NOT_SET is not set")
                .doesNotContain(CANARY)
                .doesNotContain("openai_api_key");
    }

    @Test
    void every_mistake_is_told_at_once_each_in_its_place() {
        String found = problems("""
                credentials:
                  - {name: fine, type: static, value: k}
                  - {name: fine, type: static, value: k}
                  - {type: static}
                  - {name: odd, type: oauth}
                  - {name: half, type: oauth-client-credentials, token_url: login, client_secret: s}
                  - text
                endpoints:
                """ + route("a", "provider: openai, name: m, credential: fien")
                + route("b", "provider: echo, credential: fine")
                + route("c", "provider: openai, name: m, credential: fine, config: {openai_api_key: k}")
                + route("d", "provider: openai, name: m, credential: half")
                + route("e", "provider: openai, name: m, credential: odd"));

        assertThat(found.lines())
                .containsExactly(
                        "gateway.yaml:3: credentials[1].name: another credential is called so already, in line 2",
                        "gateway.yaml:4: credentials[2].name: is missing; targets name the credential by it",
                        "gateway.yaml:4: credentials[2].value: is missing; a credential of type 'static' needs it: The key"
                                + " itself.",
                        "gateway.yaml:5: credentials[3].type: 'oauth' is no type of a credential; one of 'static',"
                                + " 'oauth-client-credentials', 'google-service-account', 'aws'",
                        "gateway.yaml:6: credentials[4].token_url: must be an absolute http or https URL without user,"
                                + " query or fragment, found something that begins with neither http:// nor https://; for"
                                + " example https://api.example.com/v1",
                        "gateway.yaml:6: credentials[4].client_id: is missing; a credential of type"
                                + " 'oauth-client-credentials' needs it: Who asks.",
                        "gateway.yaml:7: credentials[5]: a mapping with name and type was expected, found a text",
                        "gateway.yaml:9: endpoints[0].model.credential: is no name of the file's credentials; did you mean"
                                + " 'fine'?; one of 'fine', 'odd', 'half'",
                        "gateway.yaml:10: endpoints[1].model.credential: provider 'echo' takes no credential",
                        "gateway.yaml:11: endpoints[2].model.config.openai_api_key: stands beside credential; give one of"
                                + " them");
    }

    @Test
    void a_provider_that_knows_no_tokens_takes_static_credentials_only() {
        ProviderSpec keys = new ProviderSpec(
                "keys",
                List.of(),
                EnumSet.allOf(Task.class),
                true,
                List.of(SettingKey.required("the_key", SettingKey.Kind.SECRET, "The key.")));
        String yaml = used("type: oauth-client-credentials, token_url: 'http://h', client_id: i, client_secret: s")
                .replace("openai", "keys");

        assertThat(refusal(keys, yaml))
                .contains(
                        "gateway.yaml:4: endpoints[0].model.credential: is of type 'oauth-client-credentials'; provider"
                                + " 'keys' takes 'static'");
        assertThat(refusal(keys, used("type: static, value: k").replace("openai", "keys")))
                .isEmpty();
    }

    private static Optional<String> refusal(ProviderSpec provider, String yaml) {
        try {
            var config = new ConfigReader(List.of(provider), Map.of())
                    .read("gateway.yaml", yaml.getBytes(StandardCharsets.UTF_8));
            return config.version().isEmpty() ? Optional.of("no version") : Optional.empty();
        } catch (InvalidConfig e) {
            return Optional.of(e.problems().get(0).toString());
        }
    }

    @Test
    void a_key_in_the_place_of_a_name_is_not_shown() {
        String found = problems("endpoints:\n" + route("a", "provider: openai, name: m, credential: " + CANARY));

        assertThat(found)
                .isEqualTo("gateway.yaml:2: endpoints[0].model.credential: is no name of the file's credentials;"
                        + " there are none");
    }

    @Test
    void a_value_that_stands_elsewhere_too_is_not_shown_there() {
        String found = problems("credentials:\n  - {name: c, type: static, value: &v " + CANARY + "}\nendpoints:\n"
                + route("a", "provider: *v, credential: c"));

        assertThat(found).contains("is no provider").doesNotContain(CANARY);
    }

    @Test
    void a_credential_that_no_target_names_and_a_key_it_has_not_are_warned_of() {
        var config = good("""
                credentials:
                  - {name: idle, type: static, value: k, token_url: x}
                endpoints: []
                """);

        assertThat(config.warnings())
                .containsExactly(
                        "gateway.yaml:2: credentials[0]: unknown key 'token_url' is ignored",
                        "gateway.yaml:2: credentials[0]: no target uses the credential 'idle'");
    }

    @Test
    void targets_and_destinations_of_splits_have_the_credential_of_their_endpoint() {
        var config = good(
                used("type: oauth-client-credentials, token_url: 'http://h', client_id: i, client_secret: s")
                        + "  - {name: b, endpoint_type: llm/v1/chat, targets: [{weight: 3, model: {provider: openai, name: m,"
                        + " credential: c}}]}\n"
                        + "routes:\n  - {name: s, task_type: llm/v1/chat, destinations: [{name: a, traffic_percentage: 100}]}\n");

        assertThat(config.routes())
                .hasSize(3)
                .allSatisfy(route ->
                        assertThat(route.targets().get(0).settings().tokens()).isPresent());
    }

    private static ObjectNode account(String pem) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("type", "service_account")
                .put("client_email", "gateway@project.example.com")
                .put("private_key_id", "key-1")
                .put("private_key", pem)
                .put("token_uri", "https://oauth2.example.com/token");
    }

    private Path keyFile(ObjectNode account) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "key", ".json"), account.toString());
    }
}
