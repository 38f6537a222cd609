package io.mlflowgateway.server.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

/** An upstream that never takes up a connection: whoever connects to it waits. */
public final class DeafUpstream implements AutoCloseable {
    private static final List<Path> SOCKETS = List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));

    private final ServerSocket server;
    private final Deque<Socket> inLine = new ArrayDeque<>();

    /** Takes all the places of its own line, a moment's work. */
    public DeafUpstream() {
        try {
            server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            fill();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void fill() throws IOException {
        try {
            while (true) {
                inLine.add(new Socket());
                inLine.getLast().connect(server.getLocalSocketAddress(), 300);
            }
        } catch (SocketTimeoutException full) {
            inLine.removeLast().close();
        }
    }

    /** Whether this system tells how many are connecting. */
    public static boolean canCount() {
        return SOCKETS.stream().allMatch(Files::exists);
    }

    public int port() {
        return server.getLocalPort();
    }

    /** For {@code openai_api_base}. */
    public String base() {
        return "http://127.0.0.1:" + port() + "/v1";
    }

    /** How many are connecting to it now. */
    public long connecting() {
        String toIt = String.format(":%04X 02", port());
        return SOCKETS.stream()
                .flatMap(DeafUpstream::lines)
                .filter(line -> line.contains(toIt))
                .count();
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket socket : inLine) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
