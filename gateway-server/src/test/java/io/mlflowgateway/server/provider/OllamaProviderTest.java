package io.mlflowgateway.server.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.config.ConfigReader;
import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OllamaProviderTest extends OpenAiLikeContract {
    private final OllamaProvider provider = new OllamaProvider();

    @Override
    WireProvider provider() {
        return provider;
    }

    @Override
    Settings settings() {
        return new Settings(
                Map.of(OllamaProvider.BASE, "http://ollama.fake/v1"), Map.of(OllamaProvider.KEY, new Secret(SECRET)));
    }

    @Test
    void it_is_asked_on_this_machine_and_without_a_credential_unless_the_file_says_otherwise() throws Exception {
        String file = "endpoints: [{name: a, endpoint_type: llm/v1/chat, model: {provider: ollama, name: m}}]";
        Settings settings = new ConfigReader(List.of(provider.spec()), Map.of())
                .read("gateway.yaml", file.getBytes(StandardCharsets.UTF_8))
                .routes()
                .get(0)
                .targets()
                .get(0)
                .settings();

        UpstreamRequest request = provider.encode(query(Task.CHAT, "{}", false), new Attempt("m", settings, NOW));

        assertThat(request.url()).isEqualTo("http://127.0.0.1:11434/v1/chat/completions");
        assertThat(request.headers()).isEmpty();
    }

    @Test
    void a_credential_is_sent_as_a_bearer_token() {
        UpstreamRequest request = provider.encode(query(Task.CHAT, "{}", false), attempt());

        assertThat(request.headers()).containsOnly(Map.entry("Authorization", "Bearer " + SECRET));
    }

    @Test
    void a_stream_asks_for_usage() {
        assertThat(sent(Task.CHAT, "{}", true)
                        .at("/stream_options/include_usage")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void what_the_model_thought_is_reasoning_content() {
        var message = json(decode(Task.CHAT, fixture("chat-response.json"))
                        .body()
                        .bytes())
                .at("/choices/0/message");

        assertThat(message).isEqualTo(json("{\"role\":\"assistant\",\"content\":\"hi\",\"reasoning_content\":\"hm\"}"));
    }
}
