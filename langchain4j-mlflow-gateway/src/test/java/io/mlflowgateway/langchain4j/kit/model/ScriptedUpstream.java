package io.mlflowgateway.langchain4j.kit.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** The small model behind OpenAI's API, on a loopback port. */
public final class ScriptedUpstream implements AutoCloseable {

    /** The one key it lets in. */
    public static final String KEY = "a-key-that-opens";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(ScriptedUpstream::daemon);
    private final TinyModel model = new TinyModel();
    private final AtomicInteger answers = new AtomicInteger();
    private final List<JsonNode> requests = new CopyOnWriteArrayList<>();

    public ScriptedUpstream() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        server.setExecutor(threads);
        server.createContext("/v1/chat/completions", exchange -> answered(exchange, this::chat));
        server.createContext("/v1/embeddings", exchange -> answered(exchange, this::embeddings));
        server.start();
    }

    /** For {@code openai_api_base}. */
    public String base() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
    }

    /** {@return the bodies it was sent, oldest first} */
    public List<JsonNode> requests() {
        return List.copyOf(requests);
    }

    private interface Part {
        void answer(HttpExchange exchange, JsonNode body) throws IOException;
    }

    private void answered(HttpExchange exchange, Part part) throws IOException {
        try (exchange) {
            JsonNode body = JSON.readTree(exchange.getRequestBody());
            if (!("Bearer " + KEY).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                send(exchange, 401, JSON.readTree("""
                        {"error": {"message": "Incorrect API key provided.", "type": "invalid_request_error",
                                   "param": null, "code": "invalid_api_key"}}"""));
                return;
            }
            requests.add(body);
            part.answer(exchange, body);
        }
    }

    private void chat(HttpExchange exchange, JsonNode body) throws IOException {
        Prompt prompt = new Prompt(body);
        Generation generation = Generation.of(model.answer(prompt), prompt);
        OpenAiWire wire = wire(body);
        if (body.path("stream").asBoolean()) {
            stream(exchange, wire.events(generation).iterator());
        } else {
            send(exchange, 200, wire.whole(generation));
        }
    }

    private void embeddings(HttpExchange exchange, JsonNode body) throws IOException {
        List<float[]> vectors = Vectors.of(body);
        send(exchange, 200, wire(body).embeddings(vectors, 3 * vectors.size()));
    }

    private OpenAiWire wire(JsonNode body) {
        return new OpenAiWire(
                "answer-" + answers.incrementAndGet(), body.path("model").asText());
    }

    private static void send(HttpExchange exchange, int status, JsonNode body) throws IOException {
        byte[] bytes = JSON.writeValueAsBytes(body);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static void stream(HttpExchange exchange, Iterator<JsonNode> events) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        OutputStream out = exchange.getResponseBody();
        while (events.hasNext()) {
            event(out, events.next().toString());
        }
        event(out, "[DONE]");
    }

    private static void event(OutputStream out, String data) throws IOException {
        out.write(("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "scripted-upstream");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
