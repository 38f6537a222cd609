package io.mlflowgateway.samples.localmodel;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** One HTTP exchange in JSON words: the body in, an answer, a failure or a stream of events out. */
final class Exchange {
    static final ObjectMapper JSON = new ObjectMapper();
    static final int BODY_LIMIT_BYTES = 4 << 20;

    private final HttpExchange http;
    private boolean begun;

    Exchange(HttpExchange http) {
        this.http = http;
    }

    void expect(String method) {
        if (!http.getRequestMethod().equals(method)) {
            http.getResponseHeaders().set("Allow", method);
            throw new Refusal(405, "method_not_allowed", "use " + method);
        }
    }

    JsonNode body() throws IOException {
        byte[] bytes = http.getRequestBody().readNBytes(BODY_LIMIT_BYTES + 1);
        if (bytes.length > BODY_LIMIT_BYTES) {
            throw new Refusal(413, "body_too_large", "a body may have " + BODY_LIMIT_BYTES + " bytes");
        }
        try {
            JsonNode body = JSON.readTree(bytes);
            if (body != null && body.isObject()) {
                return body;
            }
        } catch (JsonProcessingException e) {
            throw Refusal.invalid("the body is not JSON");
        }
        throw Refusal.invalid("the body is not a JSON object");
    }

    void answer(int status, JsonNode body) throws IOException {
        begun = true;
        byte[] bytes = JSON.writeValueAsBytes(body);
        http.getResponseHeaders().set("Content-Type", "application/json");
        http.sendResponseHeaders(status, bytes.length);
        http.getResponseBody().write(bytes);
    }

    void refuse(Refusal refusal) throws IOException {
        ObjectNode body = JSON.createObjectNode();
        body.putObject("error")
                .put("message", refusal.getMessage())
                .put("type", refusal.status() < 500 ? "invalid_request_error" : "server_error")
                .putNull("param")
                .put("code", refusal.code());
        answer(refusal.status(), body);
    }

    /** Once true, a failure can no longer be answered with a status; all that is left is to cut the connection. */
    boolean begun() {
        return begun;
    }

    void beginEvents() throws IOException {
        begun = true;
        http.getResponseHeaders().set("Content-Type", "text/event-stream");
        http.getResponseHeaders().set("Cache-Control", "no-cache");
        http.sendResponseHeaders(200, 0);
    }

    /** Writes and flushes one event; fails once the caller has left. */
    void event(String data) throws IOException {
        http.getResponseBody().write(("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
        http.getResponseBody().flush();
    }
}
