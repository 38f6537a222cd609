package io.mlflowgateway.samples.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TextSourcesIT {
    private static final String SERVER = "http://127.0.0.1:1234";

    private HttpServer ollama;
    private volatile String models = "{\"models\":[]}";

    @BeforeEach
    void start() throws IOException {
        ollama = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        ollama.createContext("/api/tags", exchange -> {
            byte[] body = models.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        ollama.start();
    }

    @AfterEach
    void stop() {
        ollama.stop(0);
    }

    private String ollamaUrl() {
        return "http://127.0.0.1:" + ollama.getAddress().getPort();
    }

    private TextSource pick(Map<String, String> environment, boolean localModel) {
        return new TextSources(environment, ollamaUrl()).pick(localModel, SERVER);
    }

    @Test
    void a_key_in_the_environment_means_openai_and_is_never_written_down() {
        TextSource source = pick(Map.of("OPENAI_API_KEY", "sk-fake-123"), false);

        assertThat(source.said()).startsWith("OpenAI");
        assertThat(source.chat()).contains("openai_api_key: $OPENAI_API_KEY");
        assertThat(source.toString()).doesNotContain("sk-fake-123");
    }

    @Test
    void a_key_for_another_openai_server_goes_to_no_other() {
        Map<String, String> environment =
                Map.of("OPENAI_API_KEY", "sk-fake-123", "OPENAI_BASE_URL", "https://llm.example.org/v1");

        TextSource source = pick(environment, false);

        assertThat(List.of(source.chat(), source.chatB(), source.completions()))
                .allMatch(model -> model.contains("openai_api_base: \"https://llm.example.org/v1\""));
        assertThatThrownBy(() -> pick(Map.of("OPENAI_API_KEY", "k", "OPENAI_BASE_URL", "http://x\"}\nevil: 1"), false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("OPENAI_BASE_URL");
    }

    @Test
    void an_ollama_with_a_model_comes_next_and_models_that_only_embed_do_not_count() {
        models = "{\"models\":[{\"name\":\"nomic-embed-text:latest\"},{\"name\":\"llama3.2:1b\"}]}";

        TextSource source = pick(Map.of("OPENAI_API_KEY", " "), false);

        assertThat(source.said()).startsWith("Ollama").contains("llama3.2:1b");
        assertThat(source.chat()).contains("name: \"llama3.2:1b\"").contains(ollamaUrl() + "/v1");
        assertThat(source.chatB()).contains("provider: echo");
    }

    @Test
    void a_second_ollama_model_stands_behind_the_second_route() {
        models = "{\"models\":[{\"name\":\"one\"},{\"name\":\"two\"}]}";

        assertThat(pick(Map.of(), false).chatB()).contains("name: \"two\"");
    }

    @Test
    void an_ollama_without_models_or_none_at_all_leaves_the_echo() {
        TextSource without = pick(Map.of(), false);
        ollama.stop(0);
        TextSource none = pick(Map.of(), false);

        assertThat(without.said()).startsWith("echo");
        assertThat(none.said()).startsWith("echo");
    }

    @Test
    void the_local_model_is_used_whenever_it_is_asked_for() {
        models = "{\"models\":[{\"name\":\"one\"}]}";

        TextSource source = pick(Map.of("OPENAI_API_KEY", "sk-fake-123"), true);

        assertThat(source.said()).startsWith("local model");
        assertThat(source.completions()).contains(SERVER + "/v1");
    }

    @Test
    void the_configuration_holds_every_route_the_samples_ask() {
        String yaml = DemoConfig.yaml(pick(Map.of(), false), SERVER);

        assertThat(yaml)
                .contains("- name: chat\n", "- name: chat-b\n", "- name: completions\n", "- name: embeddings\n")
                .contains("openai_api_base: " + SERVER + "/v1")
                .contains("name: model-one");
    }
}
