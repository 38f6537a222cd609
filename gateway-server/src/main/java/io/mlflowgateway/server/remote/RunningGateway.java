package io.mlflowgateway.server.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.mlflowgateway.server.json.Json;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A gateway that runs somewhere, asked over HTTP. Follows no redirect, sends no credential. Blocks, within bounds. */
public final class RunningGateway {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int MOST_BYTES = 16 * 1024 * 1024;
    private static final int MOST_PAGES = 1_000;
    private static final int MOST_TRIES = 3;

    private final URI base;
    private final Duration patience;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT)
            .build();

    /** @param base http or https, without a slash at the end */
    public RunningGateway(URI base) {
        this(base, PATIENCE);
    }

    RunningGateway(URI base, Duration patience) {
        this.base = base;
        this.patience = patience;
    }

    /** How it stands with its configuration. */
    public GatewayState state() throws Unreachable, InterruptedException {
        return GatewayState.of(get("/health/config", "last_reload_success"));
    }

    /**
     * The routes of one version.
     *
     * @param version of all of them
     * @param byName as {@link io.mlflowgateway.server.config.PublicConfig} shows them, in the gateway's order
     */
    public record Shown(String version, Map<String, JsonNode> byName) {}

    /** The routes in force, all of one version. */
    public Shown routes() throws Unreachable, InterruptedException {
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            JsonNode page = page("");
            String version = Plain.text(page.path("version").asText());
            Map<String, JsonNode> routes = new LinkedHashMap<>();
            for (int pages = 1; pages < MOST_PAGES; pages++) {
                page.path("routes")
                        .forEach(route -> routes.put(route.path("name").asText(), route));
                if (!page.path("next_page_token").isTextual()) {
                    return new Shown(version, routes);
                }
                page = page(page.path("next_page_token").asText());
                if (!Plain.text(page.path("version").asText()).equals(version)) {
                    // A reload came between two pages.
                    break;
                }
            }
        }
        throw new Unreachable("the routes of " + base + " change while they are asked for; try again");
    }

    private JsonNode page(String token) throws Unreachable, InterruptedException {
        String query = token.isEmpty() ? "" : "?page_token=" + URLEncoder.encode(token, StandardCharsets.UTF_8);
        return get("/health/config/routes" + query, "routes");
    }

    /** @param expected a member that tells a gateway's answer from anybody else's */
    private JsonNode get(String path, String expected) throws Unreachable, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(patience)
                .build();
        CompletableFuture<HttpResponse<byte[]>> exchange =
                client.sendAsync(request, head -> new BoundedBody(MOST_BYTES));
        try {
            HttpResponse<byte[]> answer = exchange.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (answer.statusCode() != 200) {
                throw unreachable("GET " + path + " was answered with " + answer.statusCode());
            }
            JsonNode json = Json.tree(answer.body());
            if (!json.has(expected)) {
                throw unreachable("GET " + path + " was answered with something that is no gateway's");
            }
            return json;
        } catch (JsonProcessingException e) {
            throw unreachable("GET " + path + " was answered with something that is no gateway's");
        } catch (TimeoutException e) {
            throw unreachable("no answer within " + patience.toMillis() + " ms");
        } catch (ExecutionException e) {
            throw new Unreachable(base + " cannot be asked: " + reason(e) + "; name the gateway with --url", e);
        } finally {
            exchange.cancel(true);
        }
    }

    private Unreachable unreachable(String reason) {
        return new Unreachable(base + " cannot be asked: " + reason + "; name the gateway with --url");
    }

    private static String reason(ExecutionException e) {
        Throwable cause = e.getCause();
        if (cause instanceof ConnectException) {
            return "nobody listens there";
        }
        String name = cause == null ? "it failed" : cause.getClass().getSimpleName();
        String message = cause == null ? null : cause.getMessage();
        return message == null ? name : message;
    }
}
