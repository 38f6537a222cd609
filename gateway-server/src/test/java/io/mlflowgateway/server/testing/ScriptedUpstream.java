package io.mlflowgateway.server.testing;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An upstream that does what a script says, byte by byte, one thread for each connection. Counts the connections that are
 * open, so that a test can see them go.
 */
public final class ScriptedUpstream implements AutoCloseable {
    /** What to do with one request. Returning without an exception keeps the connection for the next one. */
    @FunctionalInterface
    public interface Script {
        void answer(Exchange exchange) throws IOException, InterruptedException;
    }

    private final ServerSocket listener;
    private final Script script;
    private final Queue<Socket> open = new ConcurrentLinkedQueue<>();
    private final AtomicInteger requests = new AtomicInteger();

    public ScriptedUpstream(Script script) {
        this.script = script;
        try {
            listener = new ServerSocket(0, 1000, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        daemon(this::accept, "upstream-accept");
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** For {@code openai_api_base}. */
    public String base() {
        return "http://127.0.0.1:" + port() + "/v1";
    }

    /** How many connections from the gateway are open now. */
    public int openConnections() {
        return open.size();
    }

    /** How many requests have been read whole. */
    public int requests() {
        return requests.get();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                socket.setTcpNoDelay(true);
                open.add(socket);
                daemon(() -> serve(socket), "upstream-connection");
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            while (true) {
                String head = readHead(in);
                if (head.isEmpty()) {
                    return;
                }
                String body = new String(in.readNBytes(length(head)), StandardCharsets.UTF_8);
                requests.incrementAndGet();
                script.answer(new Exchange(socket, in, head, body));
            }
        } catch (IOException | InterruptedException e) {
            // The gateway left, or the script ended the connection.
        } finally {
            open.remove(socket);
        }
    }

    private static String readHead(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
            int b = in.read();
            if (b < 0) {
                return "";
            }
            head.append((char) b);
        }
        return head.toString();
    }

    private static int length(String head) {
        for (String line : head.split("\r\n", -1)) {
            if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                return Integer.parseInt(line.substring(15).trim());
            }
        }
        return 0;
    }

    private static void daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One request and the way to answer it. */
    public static final class Exchange {
        private static final String CHUNK =
                "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\","
                        + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%s\"},\"finish_reason\":%s}]}";

        private final Socket socket;
        private final InputStream in;
        private final OutputStream out;
        private final String head;
        private final String body;

        private Exchange(Socket socket, InputStream in, String head, String body) throws IOException {
            this.socket = socket;
            this.in = in;
            this.out = socket.getOutputStream();
            this.head = head;
            this.body = body;
        }

        public String head() {
            return head;
        }

        public String body() {
            return body;
        }

        /** Sends these very bytes. */
        public Exchange send(String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
            return this;
        }

        /** Answers with a chat completion that says this. */
        public void chat(String content) throws IOException {
            json("{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
                    + "\"message\":{\"role\":\"assistant\",\"content\":\"" + content
                    + "\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1,"
                    + "\"total_tokens\":2}}");
        }

        /** Answers with this document. */
        public void json(String json) throws IOException {
            byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
            send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + bytes.length + "\r\n\r\n"
                    + json);
        }

        /** Begins an event stream. */
        public Exchange beginStream() throws IOException {
            return send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
        }

        /** Sends text as one HTTP chunk. */
        public Exchange part(String text) throws IOException {
            return send(Integer.toHexString(text.getBytes(StandardCharsets.UTF_8).length) + "\r\n" + text + "\r\n");
        }

        /** Sends one chat chunk as an event. */
        public Exchange say(String content) throws IOException {
            return part("data: " + String.format(CHUNK, content, "null") + "\n\n");
        }

        /** Ends the stream as OpenAI does. */
        public void endStream() throws IOException {
            part("data: " + String.format(CHUNK, "", "\"stop\"") + "\n\n");
            part("data: [DONE]\n\n");
            send("0\r\n\r\n");
        }

        /** Waits for a test to go on, at most 20 s. */
        public Exchange await(CountDownLatch latch) throws InterruptedException {
            if (!latch.await(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the test never went on");
            }
            return this;
        }

        /** Waits until the gateway closes the connection. */
        public void awaitGone() throws IOException {
            while (in.read() >= 0) {
                // What it sends before it goes is of no interest.
            }
            throw new IOException("gone");
        }

        /** Closes with a reset instead of a FIN. */
        public void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }
    }
}
