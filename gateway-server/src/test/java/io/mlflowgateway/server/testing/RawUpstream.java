package io.mlflowgateway.server.testing;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** An upstream made of plain sockets, for what no decent HTTP server would do. One thread per connection. */
public final class RawUpstream implements Closeable {
    public static final String STREAM_HEAD =
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
    public static final String LAST_CHUNK = "0\r\n\r\n";

    private static final int KEPT = 1_000;

    /** What is done with a connection; the connection is closed after it. */
    @FunctionalInterface
    public interface Script {
        void run(Talk talk) throws IOException, InterruptedException;
    }

    /** One request as it came. */
    public record Request(String head, String body) {}

    private final ServerSocket server;
    private final Script script;
    private final AtomicInteger connections = new AtomicInteger();
    private final Queue<Request> requests = new ConcurrentLinkedQueue<>();
    private final AtomicInteger requestCount = new AtomicInteger();
    private final Queue<Socket> open = new ConcurrentLinkedQueue<>();
    private final CountDownLatch over = new CountDownLatch(1);

    public RawUpstream(Script script) {
        this.script = script;
        try {
            server = new ServerSocket(0, 1000, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        daemon(this::accept, "upstream-accept");
    }

    /** Answers every request on every connection with these bytes. */
    public static RawUpstream answering(String answer) {
        return new RawUpstream(talk -> {
            while (talk.readRequest()) {
                talk.send(answer);
            }
        });
    }

    /** A whole answer with its length. */
    public static String json(String body) {
        return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body;
    }

    public static String chunk(String text) {
        return Integer.toHexString(text.getBytes(StandardCharsets.UTF_8).length) + "\r\n" + text + "\r\n";
    }

    public int port() {
        return server.getLocalPort();
    }

    /** As {@code openai_api_base} wants it. */
    public String base() {
        return "http://127.0.0.1:" + port() + "/v1";
    }

    public String url() {
        return base() + "/chat/completions";
    }

    /** How many connections there have been. */
    public int connections() {
        return connections.get();
    }

    /** How many connections are open now. */
    public int openConnections() {
        return open.size();
    }

    /** Heads and bodies as they came, of the last 1,000 requests read whole so far. */
    public List<String> requests() {
        return requests.stream().map(request -> request.head() + request.body()).toList();
    }

    /** How many requests have been read whole. */
    public int requestCount() {
        return requestCount.get();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                socket.setTcpNoDelay(true);
                open.add(socket);
                connections.incrementAndGet();
                daemon(() -> talk(socket), "upstream-connection");
            } catch (IOException e) {
                return;
            }
        }
    }

    private void talk(Socket socket) {
        try (socket) {
            script.run(new Talk(socket));
        } catch (IOException | InterruptedException e) {
            // The other side left, or the script ended the connection; the test looks at what it saw there.
        } finally {
            open.remove(socket);
        }
    }

    private static void daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        over.countDown();
        try {
            server.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One connection, seen from the server. */
    public final class Talk {
        private final Socket socket;
        private final InputStream in;

        private Talk(Socket socket) throws IOException {
            this.socket = socket;
            this.in = new BufferedInputStream(socket.getInputStream());
        }

        /** Reads one request with its body; false when the peer closed in place of one. */
        public boolean readRequest() throws IOException {
            return next().isPresent();
        }

        /** The next request with its body; empty when the peer closed in place of one. */
        public Optional<Request> next() throws IOException {
            StringBuilder head = new StringBuilder();
            while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
                int b = in.read();
                if (b < 0) {
                    return Optional.empty();
                }
                head.append((char) b);
            }
            String body = new String(in.readNBytes(length(head.toString())), StandardCharsets.UTF_8);
            Request request = new Request(head.toString(), body);
            requests.add(request);
            if (requestCount.incrementAndGet() > KEPT) {
                requests.poll();
            }
            return Optional.of(request);
        }

        private static int length(String head) {
            return head.lines()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-length:"))
                    .mapToInt(line -> Integer.parseInt(line.substring(15).trim()))
                    .findFirst()
                    .orElse(0);
        }

        public void send(String text) throws IOException {
            send(text.getBytes(StandardCharsets.UTF_8));
        }

        public void send(byte[] bytes) throws IOException {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        }

        /** One byte per packet, as far as the network lets us. */
        public void dribble(byte[] bytes) throws IOException {
            for (byte b : bytes) {
                send(new byte[] {b});
            }
        }

        /** Closes with RST in place of FIN. */
        public void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        /** Waits until the peer has closed, at most 20 s between two things it sends. */
        public void awaitClose() throws IOException {
            socket.setSoTimeout(20_000);
            try {
                in.transferTo(OutputStream.nullOutputStream());
            } catch (SocketException reset) {
                // A peer that leaves with bytes unread resets the connection: that is closed, too.
                return;
            }
        }

        /** Does nothing for so long, or less when the test is over. */
        public void idle(long millis) throws InterruptedException {
            if (over.await(millis, TimeUnit.MILLISECONDS)) {
                throw new InterruptedException("the test is over");
            }
        }
    }
}
