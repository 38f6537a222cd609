package io.mlflowgateway.samples.localmodel;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.langchain4j.model.embedding.EmbeddingModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Serves local models in OpenAI's words on loopback. Paths of a text model are unknown (404) where there is none. */
public final class LocalModelServer implements AutoCloseable {
    private static final int THREADS = 8;

    private final HttpServer http;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final List<String> models = new ArrayList<>();

    private interface Handler {
        void handle(Exchange exchange) throws IOException;
    }

    private LocalModelServer(HttpServer http) {
        this.http = http;
        http.setExecutor(threads);
    }

    /**
     * Starts at once. The models stay the caller's to close.
     *
     * @param port 0 takes any free one, see {@link #url()}
     */
    public static LocalModelServer start(int port, EmbeddingModel embeddings, Optional<TextModel> text)
            throws IOException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        LocalModelServer server = new LocalModelServer(HttpServer.create(address, 0));
        server.on("/", exchange -> {
            throw new Refusal(404, "not_found", "there is nothing at this path");
        });
        server.on(
                "/health",
                exchange ->
                        exchange.answer(200, Exchange.JSON.createObjectNode().put("status", "ok")));
        server.on("/v1/models", server::models);
        server.models.add(EmbeddingsApi.MODEL);
        server.on("/v1/embeddings", new EmbeddingsApi(embeddings)::handle);
        text.ifPresent(server::serve);
        server.http.start();
        return server;
    }

    private void serve(TextModel model) {
        models.add(model.name());
        TextApi api = new TextApi(model);
        on("/v1/completions", api::completions);
        on("/v1/chat/completions", api::chat);
    }

    /** Without a slash at the end, for example {@code http://127.0.0.1:41234}. */
    public String url() {
        return "http://127.0.0.1:" + http.getAddress().getPort();
    }

    private void models(Exchange exchange) throws IOException {
        exchange.expect("GET");
        ObjectNode answer = Exchange.JSON.createObjectNode().put("object", "list");
        ArrayNode data = answer.putArray("data");
        for (String model : models) {
            data.addObject()
                    .put("id", model)
                    .put("object", "model")
                    .put("created", 0)
                    .put("owned_by", "local");
        }
        exchange.answer(200, answer);
    }

    private void on(String path, Handler handler) {
        http.createContext(path, exchange -> handle(exchange, path, handler));
    }

    private static void handle(HttpExchange http, String path, Handler handler) throws IOException {
        Exchange exchange = new Exchange(http);
        try {
            // A context answers for every path below its own as well.
            if (!path.equals("/") && !http.getRequestURI().getPath().equals(path)) {
                throw new Refusal(404, "not_found", "there is nothing at this path");
            }
            handler.handle(exchange);
        } catch (Refusal refusal) {
            refuse(exchange, refusal);
        } catch (UncheckedIOException left) {
            throw new IOException(left);
        } catch (RuntimeException bug) {
            bug.printStackTrace();
            refuse(exchange, new Refusal(500, "internal_error", "the model failed; see the server's error output"));
        }
        // Not in a finally: closing ends a stream properly, and one that failed half-way must not look complete.
        http.close();
    }

    private static void refuse(Exchange exchange, Refusal refusal) throws IOException {
        if (exchange.begun()) {
            throw new IOException(refusal);
        }
        exchange.refuse(refusal);
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdownNow();
    }
}
