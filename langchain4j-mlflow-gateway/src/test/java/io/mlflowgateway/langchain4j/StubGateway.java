package io.mlflowgateway.langchain4j;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A server on a raw loopback socket whose every byte, pause and break is in the test's hand. */
final class StubGateway implements AutoCloseable {

    /** Answers one request. */
    interface Script {
        void answer(Seen request, Wire wire) throws Exception;
    }

    /** What came in. */
    record Seen(String method, String path, Map<String, String> headers, String body, long nanos) {}

    private final ServerSocket server;
    private final Script script;
    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    StubGateway(Script script) {
        this.script = script;
        try {
            this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException noPort) {
            throw new UncheckedIOException(noPort);
        }
        inBackground(this::accept);
    }

    /** Lists endpoints like MLflow 2.9 and newer, and leaves the rest to the script. */
    static StubGateway deployments(Script script) {
        return new StubGateway((request, wire) -> {
            if (request.path().equals("/api/2.0/endpoints/")) {
                wire.json(200, Fixtures.text("endpoints.json"));
            } else {
                script.answer(request, wire);
            }
        });
    }

    String url() {
        return "http://127.0.0.1:" + server.getLocalPort();
    }

    List<Seen> seen() {
        return seen;
    }

    /** Requests that are calls of routes, not questions about the server. */
    List<Seen> calls() {
        return seen.stream().filter(request -> request.method().equals("POST")).toList();
    }

    int connections() {
        return sockets.size();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private void accept() throws IOException {
        while (true) {
            Socket socket = server.accept();
            sockets.add(socket);
            inBackground(() -> serve(socket));
        }
    }

    private void serve(Socket socket) throws Exception {
        InputStream in = new BufferedInputStream(socket.getInputStream());
        Wire wire = new Wire(socket, in);
        while (!wire.closed()) {
            Seen request = read(in);
            if (request == null) {
                return;
            }
            seen.add(request);
            script.answer(request, wire);
        }
    }

    private static @Nullable Seen read(InputStream in) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line = line(in); line != null && !line.isEmpty(); line = line(in)) {
            lines.add(line);
        }
        if (lines.isEmpty()) {
            return null;
        }
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line : lines.subList(1, lines.size())) {
            headers.put(
                    line.substring(0, line.indexOf(':')),
                    line.substring(line.indexOf(':') + 1).strip());
        }
        String[] start = lines.get(0).split(" ", -1);
        byte[] body = in.readNBytes(Integer.parseInt(headers.getOrDefault("Content-Length", "0")));
        return new Seen(start[0], start[1], headers, new String(body, StandardCharsets.UTF_8), System.nanoTime());
    }

    private static @Nullable String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0) {
                return null;
            }
            if (octet != '\r') {
                line.append((char) octet);
            }
        }
        return line.toString();
    }

    private interface Work {
        void run() throws Exception;
    }

    private static void inBackground(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (Exception over) {
                // The test has ended, or the client has left.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    /** One connection, seen from the server. */
    static final class Wire {

        private final Socket socket;
        private final InputStream in;
        private final OutputStream out;

        Wire(Socket socket, InputStream in) throws IOException {
            this.socket = socket;
            this.in = in;
            this.out = socket.getOutputStream();
            socket.setTcpNoDelay(true);
        }

        void json(int status, String body, String... headers) throws IOException {
            answer(status, "application/json", body, headers);
        }

        void answer(int status, String type, String body, String... headers) throws IOException {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            raw("HTTP/1.1 " + status + " X\r\nContent-Type: " + type + "\r\nContent-Length: " + bytes.length + "\r\n"
                    + lines(headers) + "\r\n" + body);
        }

        /** The head of an event stream, chunked. */
        Wire stream(String... headers) throws IOException {
            raw("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nTransfer-Encoding: chunked\r\n"
                    + lines(headers) + "\r\n");
            return this;
        }

        Wire chunk(String text) throws IOException {
            raw(Integer.toHexString(text.getBytes(StandardCharsets.UTF_8).length) + "\r\n" + text + "\r\n");
            return this;
        }

        Wire event(String data) throws IOException {
            return chunk("data: " + data + "\n\n");
        }

        /** A chunk of a chat, with some text. */
        Wire says(String text) throws IOException {
            return event("{\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + text + "\"}}]}");
        }

        Wire stops(String reason) throws IOException {
            return event(
                    "{\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"" + reason + "\"}]}");
        }

        void end() throws IOException {
            raw("0\r\n\r\n");
        }

        void raw(String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
        }

        void close() throws IOException {
            socket.close();
        }

        /** Breaks the connection with a reset instead of an end. */
        void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        boolean closed() {
            return socket.isClosed();
        }

        /** Completes when the client closes its side. */
        void awaitClient(CompletableFuture<Void> gone) throws IOException {
            try {
                while (in.read() >= 0) {
                    // Nothing is expected; only the end is.
                }
            } catch (IOException reset) {
                // As good as an end.
            }
            gone.complete(null);
        }

        /** Keeps the connection open and silent until the test is over. */
        void hold() throws IOException {
            awaitClient(new CompletableFuture<>());
        }

        private static String lines(String... headers) {
            StringBuilder lines = new StringBuilder();
            for (String header : headers) {
                lines.append(header).append("\r\n");
            }
            return lines.toString();
        }
    }

    /** Waits at most ten seconds. */
    static <T> T soon(CompletableFuture<T> future) {
        try {
            return future.get(10, TimeUnit.SECONDS);
        } catch (Exception late) {
            throw new AssertionError("did not happen in time", late);
        }
    }
}
