package io.mlflowgateway.langchain4j.internal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** What becomes of a connection whose answer nobody takes. */
class JdkTransportIT {

    private static final int PATIENCE_MILLIS = 5_000;
    private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n";

    @Test
    void an_answer_that_was_there_but_not_taken_when_its_caller_left_does_not_keep_the_connection() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                JdkTransport transport = new JdkTransport(Duration.ofSeconds(5))) {
            Mono<TransportResponse> sent = transport.send(request(server, false));

            Socket[] connection = new Socket[1];
            StepVerifier.create(sent, 0)
                    .expectSubscription()
                    .then(() -> connection[0] = answered(server))
                    // The client does not tell when it has understood the head; it needs a moment.
                    .thenAwait(Duration.ofMillis(300))
                    .thenCancel()
                    .verify(Duration.ofSeconds(10));

            try (Socket left = connection[0]) {
                left.setSoTimeout(PATIENCE_MILLIS);
                assertThat(left.getInputStream().read())
                        .as("the client's end of the connection")
                        .isEqualTo(-1);
            }
        }
    }

    @Test
    void an_answer_that_nobody_takes_any_more_closes_its_connection() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                JdkTransport transport = new JdkTransport(Duration.ofSeconds(5))) {
            // As an operator does whose subscriber left just before the head came.
            Disposable unused = transport.send(request(server, true)).subscribe(dropped -> {});
            try (Socket socket = server.accept()) {
                socket.setSoTimeout(PATIENCE_MILLIS);

                socket.getOutputStream()
                        .write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n".getBytes(US_ASCII));

                byte[] asked = socket.getInputStream().readAllBytes();
                assertThat(new String(asked, US_ASCII)).startsWith("GET / HTTP/1.1");
            }
        }
    }

    private static TransportRequest request(ServerSocket server, boolean streams) {
        URI address = URI.create("http://127.0.0.1:" + server.getLocalPort() + "/");
        return new TransportRequest("GET", address, Map.of(), Optional.empty(), streams);
    }

    private static Socket answered(ServerSocket server) {
        try {
            Socket connection = server.accept();
            InputStream in = connection.getInputStream();
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) in.read());
            }
            connection.getOutputStream().write(HEAD.getBytes(US_ASCII));
            return connection;
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
