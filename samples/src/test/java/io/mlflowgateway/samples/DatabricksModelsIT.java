package io.mlflowgateway.samples;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The Databricks sample before a server that gives tokens and answers as a workspace does. */
class DatabricksModelsIT {
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private HttpServer workspace;

    @BeforeEach
    void start() throws IOException {
        workspace = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        workspace.createContext("/", this::answer);
        workspace.start();
    }

    @AfterEach
    void stop() {
        workspace.stop(0);
    }

    @Test
    void one_token_serves_chat_and_embeddings() {
        PrintStream out = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        String address = "http://127.0.0.1:" + workspace.getAddress().getPort();

        String answer = DatabricksModels.run(address, "service-principal", "not-a-secret", out);

        assertThat(answer).isEqualTo("Goethe");
        assertThat(asked)
                .containsExactly(
                        "/oidc/v1/token Basic",
                        "/serving-endpoints/databricks-meta-llama-3-3-70b-instruct/invocations Bearer token-1",
                        "/serving-endpoints/databricks-gte-large-en/invocations Bearer token-1");
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String shown = exchange.getRequestHeaders().getFirst("Authorization");
        asked.add(path + " " + (shown.startsWith("Basic ") ? "Basic" : shown));
        exchange.getRequestBody().readAllBytes();
        byte[] body = body(path).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static String body(String path) {
        if (path.startsWith("/oidc/")) {
            return "{\"access_token\":\"token-1\",\"token_type\":\"Bearer\",\"expires_in\":3600}";
        }
        return path.contains("gte")
                ? "{\"object\":\"list\",\"data\":[{\"index\":0,\"embedding\":[0.6,0.8]}],\"model\":\"gte\"}"
                : "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"llama\",\"choices\":[{\"index\":0,"
                        + "\"message\":{\"role\":\"assistant\",\"content\":\"Goethe\"},\"finish_reason\":\"stop\"}]}";
    }
}
