package io.mlflowgateway.server.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.testing.ScriptedUpstream;
import io.mlflowgateway.server.testing.ServiceAccountKey;
import io.mlflowgateway.server.testing.SseFixture;
import io.mlflowgateway.server.testing.TestGateway;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Gemini on Vertex AI over real sockets: a service account's tokens, chat, a stream and embeddings. */
class VertexIT {
    private static final String MODELS =
            "/v1/projects/p/locations/europe-west4/publishers/google/models/gemini-2.5-flash";

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final AtomicInteger tokens = new AtomicInteger();
    private final ScriptedUpstream login = new ScriptedUpstream(this::giveToken);
    private final ScriptedUpstream vertex = new ScriptedUpstream(this::answer);
    private Path keyFile = Path.of("");

    @BeforeEach
    void writeKeyFile(@TempDir Path folder) throws Exception {
        String account = ServiceAccountKey.create()
                .file("http://127.0.0.1:" + login.port() + "/token")
                .toString();
        keyFile = Files.writeString(folder.resolve("account.json"), account);
    }

    @AfterEach
    void stop() {
        login.close();
        vertex.close();
    }

    private void giveToken(ScriptedUpstream.Exchange exchange) throws IOException {
        exchange.json("{\"access_token\":\"token-" + tokens.incrementAndGet() + "\",\"expires_in\":3599}");
    }

    /** Takes only the token that was given last. */
    private void answer(ScriptedUpstream.Exchange exchange) throws IOException {
        String path = exchange.head().split(" ")[1];
        if (!exchange.head().contains("Authorization: Bearer token-" + tokens.get() + "\r\n")) {
            send(exchange, "401 Unauthorized", "application/json", "{\"error\":{\"message\":\"bad token\"}}");
            return;
        }
        asked.add(path);
        if (path.endsWith(":predict")) {
            send(exchange, "200 OK", "application/json", fixture("embeddings-response.json"));
        } else if (path.endsWith("alt=sse")) {
            send(exchange, "200 OK", "text/event-stream", fixture("chat.sse"));
        } else {
            send(exchange, "200 OK", "application/json", fixture("chat-response.json"));
        }
    }

    private static String fixture(String file) {
        return SseFixture.text("/provider/vertex/" + file);
    }

    private static void send(ScriptedUpstream.Exchange exchange, String status, String type, String body)
            throws IOException {
        exchange.send("HTTP/1.1 " + status + "\r\nContent-Type: " + type + "\r\nContent-Length: "
                + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body);
    }

    /** With a credential by name, or with the key file in the target itself. */
    private String config(boolean named) {
        String credential = named ? "credential: account, " : "";
        String own = named ? "" : "vertex_credentials: '" + keyFile + "', ";
        String model =
                "{provider: gemini, name: gemini-2.5-flash, " + credential + "config: {gemini_api_type: vertex, " + own
                        + "vertex_project: p, vertex_location: europe-west4, vertex_api_base: 'http://127.0.0.1:"
                        + vertex.port()
                        + "/v1'}}";
        return "endpoints:\n  - {name: chat, endpoint_type: llm/v1/chat, model: " + model + "}\n"
                + "  - {name: vectors, endpoint_type: llm/v1/embeddings, model: " + model + "}\n"
                + (named
                        ? "credentials:\n  - {name: account, type: google-service-account, key_file: '" + keyFile
                                + "'}\n"
                        : "");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void one_token_of_the_account_serves_every_task_until_it_is_refused(boolean named) {
        String chat = "{\"model\":\"chat\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
        try (TestGateway gateway = TestGateway.with(config(named))) {
            HttpResponse<String> whole = gateway.post("/v1/chat/completions", chat);
            HttpResponse<String> stream =
                    gateway.post("/v1/chat/completions", chat.replace("\"model\"", "\"stream\":true,\"model\""));
            HttpResponse<String> vectors =
                    gateway.post("/v1/embeddings", "{\"model\":\"vectors\",\"input\":[\"a\",\"b\"]}");
            int fetched = tokens.get();
            tokens.incrementAndGet();
            HttpResponse<String> behind = gateway.post("/v1/chat/completions", chat);

            assertThat(List.of(whole.statusCode(), stream.statusCode(), vectors.statusCode(), behind.statusCode()))
                    .as(whole.body() + behind.body())
                    .containsOnly(200);
            assertThat(fetched).isEqualTo(1);
            assertThat(tokens).hasValue(3);
            assertThat(stream.body()).endsWith("data: [DONE]\n\n");
            assertThat(ProviderContract.json(vectors.body())
                            .at("/usage/prompt_tokens")
                            .asInt())
                    .isEqualTo(5);
            assertThat(asked)
                    .containsExactly(
                            MODELS + ":generateContent",
                            MODELS + ":streamGenerateContent?alt=sse",
                            MODELS + ":predict",
                            MODELS + ":generateContent");
        }
    }
}
