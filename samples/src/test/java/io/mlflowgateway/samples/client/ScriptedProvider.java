package io.mlflowgateway.samples.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A provider that speaks OpenAI's API as a script says, one connection for each request. Keeps the bodies it was sent, and
 * notes when a caller leaves before its answer is complete.
 */
final class ScriptedProvider implements AutoCloseable {
    /** How a request is answered; an exception cuts the connection. */
    @FunctionalInterface
    interface Script {
        void answer(JsonNode body, Wire wire) throws IOException;
    }

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ServerSocket listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    private final List<JsonNode> requests = new CopyOnWriteArrayList<>();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private volatile Script script = (body, wire) -> {};

    ScriptedProvider() throws IOException {
        daemon(this::accept);
    }

    /** Forgets what was, and answers by this script from now on. */
    void answer(Script next) {
        requests.clear();
        script = next;
    }

    /** For {@code openai_api_base}. */
    String base() {
        return "http://127.0.0.1:" + listener.getLocalPort() + "/v1";
    }

    /** The bodies sent since the script was set, oldest first. */
    List<JsonNode> requests() {
        return requests;
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                sockets.add(socket);
                daemon(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            JsonNode body = JSON.readTree(in.readNBytes(length(head(in))));
            requests.add(body);
            script.answer(body, new Wire(in, socket.getOutputStream()));
        } catch (IOException cutOrLeft) {
            // Either the script cut the connection, or the caller left.
        } finally {
            sockets.remove(socket);
        }
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("no request");
            }
            head.write(next);
        }
        return head.toString(StandardCharsets.US_ASCII);
    }

    private static int length(String head) {
        return head.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-length:"))
                .mapToInt(line -> Integer.parseInt(line.substring(15).strip()))
                .findFirst()
                .orElse(0);
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "scripted-provider");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    /** The answering side of one connection. */
    static final class Wire {
        private final InputStream in;
        private final OutputStream out;

        private Wire(InputStream in, OutputStream out) {
            this.in = in;
            this.out = out;
        }

        /** A whole answer. */
        void json(String status, String json, String... headers) throws IOException {
            byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
            String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
            write("HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\nConnection: close\r\n" + more
                    + "Content-Length: " + bytes.length + "\r\n\r\n" + json);
        }

        /** A chat answer that says this. */
        void says(String text) throws IOException {
            json("200 OK", """
                    {"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":
                    {"role":"assistant","content":%s},"finish_reason":"stop"}],
                    "usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}
                    """.formatted(JSON.writeValueAsString(text)));
        }

        /** Begins a stream of events. */
        Wire stream() throws IOException {
            write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n");
            return this;
        }

        /** One event of a chat stream. */
        Wire delta(String delta, String finish) throws IOException {
            return event("{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":"
                    + "[{\"index\":0,\"delta\":" + delta + ",\"finish_reason\":" + finish + "}]}");
        }

        /** One event. */
        Wire event(String data) throws IOException {
            String event = "data: " + data + "\n\n";
            int size = event.getBytes(StandardCharsets.UTF_8).length;
            write(Integer.toHexString(size) + "\r\n" + event + "\r\n");
            return this;
        }

        /** Ends a stream as OpenAI does. */
        void done() throws IOException {
            event("[DONE]");
            write("0\r\n\r\n");
        }

        /** Says nothing more, and tells when the other side has gone. */
        void awaitGone(CompletableFuture<Long> goneAtNanos) {
            try {
                while (in.read() >= 0) {
                    // What is sent before the end is of no interest.
                }
            } catch (IOException reset) {
                // A reset is an end, too.
            }
            goneAtNanos.complete(System.nanoTime());
        }

        private void write(String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
        }
    }
}
