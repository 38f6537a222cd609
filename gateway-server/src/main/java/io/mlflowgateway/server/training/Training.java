package io.mlflowgateway.server.training;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;

/** The calls that show a gateway which classes it needs: whole and streamed ones, good and refused, and its pages. */
public final class Training implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String ASKED = "\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}],\"temperature\":0.5";
    private static final List<String> PAGES =
            List.of("/health", "/health/ready", "/health/config", "/metrics", "/v1/models", "/api/2.0/endpoints/");

    private final FakeProvider provider;

    /** Starts a provider on loopback that answers everything. */
    public Training() throws IOException {
        provider = new FakeProvider();
    }

    /** A configuration with a route to that provider, and offline ones. */
    public String config() {
        return """
            endpoints:
              - name: chat
                endpoint_type: llm/v1/chat
                model:
                  provider: openai
                  name: gpt-4o-mini
                  config: {openai_api_key: sk-no-key, openai_api_base: "http://127.0.0.1:%d/v1"}
                limit: {calls: 1000000, renewal_period: minute}
              - name: completions
                endpoint_type: llm/v1/completions
                model: {provider: echo, name: echo}
              - name: embeddings
                endpoint_type: llm/v1/embeddings
                model: {provider: echo, name: echo}
            """.formatted(provider.port());
    }

    /**
     * Asks a gateway with that configuration.
     *
     * @throws IOException when it answers with a status of 500 or more, or not within half a minute
     */
    public void ask(String url) throws IOException, InterruptedException {
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(PATIENCE)
                .build();
        for (int i = 0; i < 3; i++) {
            post(client, url + "/v1/chat/completions", "{\"model\":\"chat\"," + ASKED + "}");
            post(client, url + "/v1/chat/completions", "{\"model\":\"chat\",\"stream\":true," + ASKED + "}");
            post(client, url + "/endpoints/chat/invocations", "{" + ASKED + "}");
            post(client, url + "/endpoints/completions/invocations", "{\"prompt\":\"hello\"}");
            post(client, url + "/v1/embeddings", "{\"model\":\"embeddings\",\"input\":\"hello\"}");
            post(client, url + "/v1/chat/completions", "{\"model\":\"none\"," + ASKED + "}");
        }
        for (String page : PAGES) {
            send(client, HttpRequest.newBuilder(URI.create(url + page)));
        }
    }

    private static void post(HttpClient client, String url, String json) throws IOException, InterruptedException {
        send(
                client,
                HttpRequest.newBuilder(URI.create(url))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(json)));
    }

    private static void send(HttpClient client, HttpRequest.Builder request) throws IOException, InterruptedException {
        int status = client.send(request.timeout(PATIENCE).build(), BodyHandlers.ofByteArray())
                .statusCode();
        if (status >= 500) {
            throw new IOException("the gateway answered with " + status);
        }
    }

    @Override
    public void close() {
        provider.close();
    }
}
