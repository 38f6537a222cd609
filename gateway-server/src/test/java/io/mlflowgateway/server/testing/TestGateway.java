package io.mlflowgateway.server.testing;

import io.mlflowgateway.server.Gateway;
import io.mlflowgateway.server.config.ConfigReader;
import io.mlflowgateway.server.config.InvalidConfig;
import io.mlflowgateway.server.config.ServerConfig;
import io.mlflowgateway.server.config.ServerConfigReader;
import io.mlflowgateway.server.provider.Providers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The whole server on a free port, and a client for it. */
public final class TestGateway implements AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    private final Gateway gateway;

    private TestGateway(Gateway gateway) {
        this.gateway = gateway;
    }

    /** Starts with one route, {@code chat}, whose calls go to this upstream as model {@code m}. */
    public static TestGateway inFrontOf(ScriptedUpstream upstream, Map<String, String> settings) {
        return with("""
                endpoints:
                  - name: chat
                    endpoint_type: llm/v1/chat
                    model:
                      provider: openai
                      name: m
                      config: {openai_api_key: k, openai_api_base: '%s'}
                """.formatted(upstream.base()), settings);
    }

    /** Starts with this configuration. */
    public static TestGateway with(String yaml) {
        return with(yaml, Map.of());
    }

    /** Starts with this configuration and these settings, by setting name. */
    public static TestGateway with(String yaml, Map<String, String> settings) {
        try {
            var config = reader().read("gateway.yaml", yaml.getBytes(StandardCharsets.UTF_8));
            Map<String, String> flags = new HashMap<>(Map.of("port", "0", "workers", "2", "drain-timeout", "200ms"));
            flags.putAll(settings);
            ServerConfig how = new ServerConfigReader(Map.of(), 2)
                    .read(flags, config.server())
                    .config();
            return new TestGateway(Gateway.start(config, how));
        } catch (InvalidConfig e) {
            throw new IllegalArgumentException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ConfigReader reader() {
        return new ConfigReader(new Providers().specs(), Map.of());
    }

    /** Puts another configuration in place. */
    public void reload(String yaml) {
        try {
            gateway.reload(reader().read("gateway.yaml", yaml.getBytes(StandardCharsets.UTF_8)));
        } catch (InvalidConfig e) {
            throw new IllegalArgumentException(e);
        }
    }

    public int port() {
        return gateway.port();
    }

    public HttpResponse<String> get(String path) {
        return send(HttpRequest.newBuilder(uri(path)).GET());
    }

    /** Posts JSON; headers are names and values in turn. */
    public HttpResponse<String> post(String path, String json, String... headers) {
        return postAsync(path, json, headers).join();
    }

    public CompletableFuture<HttpResponse<String>> postAsync(String path, String json, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path))
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HTTP.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** The payloads of an event stream, in order. */
    public static List<String> events(HttpResponse<String> answer) {
        return answer.body()
                .lines()
                .filter(line -> line.startsWith("data: "))
                .map(line -> line.substring("data: ".length()))
                .toList();
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        return HTTP.sendAsync(request.timeout(Duration.ofSeconds(30)).build(), HttpResponse.BodyHandlers.ofString())
                .join();
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port() + path);
    }

    @Override
    public void close() {
        gateway.close();
    }
}
