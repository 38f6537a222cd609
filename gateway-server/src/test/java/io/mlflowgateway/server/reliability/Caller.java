package io.mlflowgateway.server.reliability;

import io.mlflowgateway.server.testing.HttpAnswers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A caller with a connection of its own for each call, patient enough for a busy machine. */
final class Caller {
    private static final int PATIENCE_MILLIS = 30_000;

    private Caller() {}

    /** Sends a POST of JSON and reads its answer to the end. */
    static HttpAnswers.Answer stream(int port, String path, String json) throws IOException {
        try (Socket socket = connect(port)) {
            send(socket, path, json);
            return answer(socket);
        }
    }

    static Socket connect(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        return socket;
    }

    static void send(Socket socket, String path, String json) throws IOException {
        socket.getOutputStream().write(post(path, json));
    }

    /** A POST of JSON as bytes. */
    static byte[] post(String path, String json) {
        int length = json.getBytes(StandardCharsets.UTF_8).length;
        String head = "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Content-Length: " + length + "\r\n\r\n";
        return (head + json).getBytes(StandardCharsets.UTF_8);
    }

    /** A GET as bytes. */
    static byte[] get(String path) {
        return ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.UTF_8);
    }

    static HttpAnswers.Answer answer(Socket socket) throws IOException {
        return new HttpAnswers(socket.getInputStream())
                .next(false)
                .orElseThrow(() -> new AssertionError("closed without an answer"));
    }
}
