package io.mlflowgateway.server.testing;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** An upstream made of plain sockets, for what no decent HTTP server would do. One thread per connection. */
public final class RawUpstream implements Closeable {
    /** What is done with a connection; the connection is closed after it. */
    @FunctionalInterface
    public interface Script {
        void run(Talk talk) throws Exception;
    }

    private final ServerSocket server;
    private final AtomicInteger connections = new AtomicInteger();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    public RawUpstream(Script script) {
        try {
            server = new ServerSocket(0, 1000, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread acceptor = new Thread(() -> accept(script), "raw-upstream");
        acceptor.setDaemon(true);
        acceptor.start();
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

    public static final String STREAM_HEAD =
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
    public static final String LAST_CHUNK = "0\r\n\r\n";

    public String url() {
        return "http://127.0.0.1:" + server.getLocalPort() + "/v1/chat/completions";
    }

    public int connections() {
        return connections.get();
    }

    /** Heads and bodies as they came. */
    public List<String> requests() {
        return requests;
    }

    private void accept(Script script) {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                sockets.add(socket);
                connections.incrementAndGet();
                Thread talking = new Thread(() -> talk(script, new Talk(socket)), "raw-upstream-talk");
                talking.setDaemon(true);
                talking.start();
            } catch (IOException e) {
                return;
            }
        }
    }

    private static void talk(Script script, Talk talk) {
        try (talk.socket) {
            script.run(talk);
        } catch (IOException e) {
            // The other side left; the test looks at what it saw there.
            talk.gone.countDown();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One connection, seen from the server. */
    public final class Talk {
        private final Socket socket;
        private final CountDownLatch gone = new CountDownLatch(1);

        Talk(Socket socket) {
            this.socket = socket;
        }

        /** Reads one request with its body; false when the peer closed in place of one. */
        public boolean readRequest() throws IOException {
            InputStream in = socket.getInputStream();
            ByteArrayOutputStream head = new ByteArrayOutputStream();
            while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                int b = in.read();
                if (b < 0) {
                    return false;
                }
                head.write(b);
            }
            String text = head.toString(StandardCharsets.ISO_8859_1);
            String lower = text.toLowerCase(Locale.ROOT);
            int at = lower.indexOf("content-length: ") + 16;
            int length = Integer.parseInt(lower.substring(at, lower.indexOf("\r\n", at)));
            requests.add(text + new String(in.readNBytes(length), StandardCharsets.UTF_8));
            return true;
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
            socket.setTcpNoDelay(true);
            for (byte b : bytes) {
                socket.getOutputStream().write(b);
                socket.getOutputStream().flush();
            }
        }

        /** Closes with RST in place of FIN. */
        public void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        /** Waits until the peer has closed. */
        public void awaitClose() throws IOException {
            socket.setSoTimeout(20_000);
            long skipped = socket.getInputStream().transferTo(OutputStream.nullOutputStream());
            assert skipped >= 0;
        }

        /** Does nothing for so long, or less when the test is over. */
        public void idle(long millis) throws InterruptedException {
            boolean over = gone.await(millis, TimeUnit.MILLISECONDS);
            assert !over || socket.isClosed();
        }
    }
}
