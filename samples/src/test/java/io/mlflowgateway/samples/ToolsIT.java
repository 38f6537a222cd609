package io.mlflowgateway.samples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.mlflowgateway.samples.process.Children;
import io.mlflowgateway.samples.process.GatewayProcess;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tools sample through a real gateway, before a provider that always asks for the tool first. */
class ToolsIT {
    private static final Path JAR = Path.of("..", "gateway-server", "target", "gateway-server.jar");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private final List<JsonNode> asked = new CopyOnWriteArrayList<>();
    private HttpServer provider;

    @BeforeEach
    void start() throws IOException {
        provider = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        provider.createContext("/v1/chat/completions", this::answer);
        provider.start();
    }

    @AfterEach
    void stop() {
        provider.stop(0);
    }

    @Test
    void the_model_asks_for_the_tool_and_answers_from_what_the_method_returned() throws IOException {
        Path config = Files.writeString(folder.resolve("gateway.yaml"), """
                endpoints:
                  - name: chat
                    endpoint_type: llm/v1/chat
                    model:
                      provider: openai
                      name: clerk
                      config:
                        openai_api_base: http://127.0.0.1:%d/v1
                        openai_api_key: not-needed
                """.formatted(
                        provider.getAddress().getPort()));

        String answer;
        try (Children children = new Children(Optional.empty());
                GatewayProcess gateway = GatewayProcess.start(children, JAR, config, folder.resolve("log"))) {
            answer = Tools.run(
                    gateway.url(), new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8));
        }

        assertThat(answer).isEqualTo("There are 17 lamps.");
        assertThat(asked).hasSize(2);
        assertThat(asked.get(0).at("/tools/0/function/name").asText()).isEqualTo("inStock");
        assertThat(asked.get(0).at("/model").asText()).isEqualTo("clerk");
    }

    private void answer(HttpExchange exchange) throws IOException {
        JsonNode body = JSON.readTree(exchange.getRequestBody());
        asked.add(body);
        JsonNode last = body.path("messages").path(body.path("messages").size() - 1);
        String message = last.path("role").asText().equals("tool")
                ? "{\"role\":\"assistant\",\"content\":\"There are "
                        + last.path("content").asText() + " lamps.\"}"
                : "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"call-1\",\"type\":\"function\","
                        + "\"function\":{\"name\":\"inStock\",\"arguments\":\"{\\\"article\\\":\\\"lamp\\\"}\"}}]}";
        byte[] answer = ("{\"id\":\"x\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"clerk\",\"choices\":"
                        + "[{\"index\":0,\"message\":" + message + ",\"finish_reason\":\"stop\"}]}")
                .getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }
}
