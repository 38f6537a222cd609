package io.mlflowgateway.server.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlflowgateway.server.config.ConfigReader;
import io.mlflowgateway.server.config.InvalidConfig;
import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.provider.parameter.ParameterTable;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenAiCompatibleProviderTest extends OpenAiLikeContract {
    private final OpenAiCompatibleProvider provider = new OpenAiCompatibleProvider();

    @Override
    WireProvider provider() {
        return provider;
    }

    @Override
    Settings settings() {
        return new Settings(
                Map.of(OpenAiCompatibleProvider.BASE, "https://any.fake/v1"),
                Map.of(OpenAiCompatibleProvider.KEY, new Secret(SECRET)));
    }

    @Test
    void without_a_credential_none_is_sent() throws InvalidConfig {
        assertThat(request("", "{}", false).headers()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "api_key: k-123; Authorization; Bearer k-123",
                "api_key: k-123, auth_prefix: Token; Authorization; Token k-123",
                "api_key: k-123, auth_header: x-api-key; x-api-key; k-123",
                "api_key: k-123, auth_header: X-Auth, auth_prefix: Key; X-Auth; Key k-123"
            })
    void the_credential_goes_where_the_file_says(String config, String header, String value) throws InvalidConfig {
        assertThat(request(config, "{}", false).headers()).containsOnly(Map.entry(header, value));
    }

    @Test
    void dropped_parameters_stay_behind_and_all_others_go() throws InvalidConfig {
        String body = "{\"a\":1,\"user\":\"u\",\"seed\":1.50}";

        UpstreamRequest request = request("drop_parameters: [user, stop]", body, false);

        assertThat(text(request.body().toBytes())).isEqualTo("{\"a\":1,\"seed\":1.50,\"model\":\"m\"}");
    }

    @Test
    void what_the_file_says_is_dropped_is_unsupported_at_that_target() throws InvalidConfig {
        Settings settings = read("{api_base: 'https://any.fake/v1', drop_parameters: [user, stop]}");

        ParameterTable table = provider.parameters(Task.CHAT, "m", settings);

        assertThat(table.of("user").isUnsupported()).isTrue();
        assertThat(table.of("seed").isUnsupported()).isFalse();
        assertThat(provider.parameters(Task.CHAT).takesAll()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"'',true", "stream_usage: true,true", "stream_usage: false,false"})
    void streams_ask_for_usage_unless_the_server_cannot(String config, boolean asked) throws InvalidConfig {
        UpstreamRequest request = request(config, "{\"stream_options\":{\"include_usage\":true}}", true);

        assertThat(json(request.body().toBytes()).has("stream_options")).isEqualTo(asked);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "auth_header: Content-Length; must be the name of a header that the gateway does not set itself",
                "auth_header: 'a: b'; must be the name of a header",
                "drop_parameters: ['a b']; config.drop_parameters[0]: must be the name of a parameter",
                "drop_parameters: {a: b}; a text was expected, found a mapping",
                "stream_usage: maybe; must be true or false"
            })
    void what_is_no_header_name_or_flag_is_a_problem_of_the_file(String config, String problem) {
        assertThatThrownBy(() -> request(config, "{}", false))
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining(problem);
    }

    @Test
    void a_base_must_be_given() {
        assertThatThrownBy(() -> read("{api_key: k-123}"))
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining("config.api_base: is missing");
    }

    private UpstreamRequest request(String config, String body, boolean streams) throws InvalidConfig {
        Settings settings = read("{api_base: 'https://any.fake/v1'" + (config.isEmpty() ? "" : ", " + config) + "}");
        return provider.encode(query(Task.CHAT, body, streams), new Attempt("m", settings, NOW));
    }

    private Settings read(String config) throws InvalidConfig {
        String file = "endpoints: [{name: a, endpoint_type: llm/v1/chat, model: {provider: openai_compatible, name: m,"
                + " config: " + config + "}}]";
        return new ConfigReader(List.of(provider.spec()), Map.of())
                .read("gateway.yaml", file.getBytes(StandardCharsets.UTF_8))
                .routes()
                .get(0)
                .targets()
                .get(0)
                .settings();
    }
}
