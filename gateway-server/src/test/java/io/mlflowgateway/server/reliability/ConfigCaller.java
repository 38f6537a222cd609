package io.mlflowgateway.server.reliability;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.testing.Eventually;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Asks a gateway on this machine for chats, and for what it says of its configuration. */
final class ConfigCaller {
    static final String CHAT = "{\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}";

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final int port;

    ConfigCaller(int port) {
        this.port = port;
    }

    HttpResponse<String> get(String path) {
        return send(request(path).GET());
    }

    HttpResponse<String> chat(String route) {
        return send(request("/endpoints/" + route + "/invocations")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(CHAT)));
    }

    /** The version that answers. */
    String version() {
        return get("/health").headers().firstValue("x-gateway-config-version").orElse("none");
    }

    JsonNode config() {
        try {
            return Json.tree(get("/health/config").body().getBytes(StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    /** How long it takes from now until this version answers. */
    Duration until(String version) {
        long begin = System.nanoTime();
        Eventually.within(
                Duration.ofSeconds(30),
                version + " is in force",
                () -> version().equals(version));
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(20));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        return client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString())
                .join();
    }
}
