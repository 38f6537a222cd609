package io.mlflowgateway.langchain4j.internal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;

class JdkTransportTest {

    @Test
    void an_answer_that_nobody_takes_any_more_closes_its_connection() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                JdkTransport transport = new JdkTransport(Duration.ofSeconds(5))) {
            URI address = URI.create("http://127.0.0.1:" + server.getLocalPort() + "/");
            TransportRequest request = new TransportRequest("GET", address, Map.of(), Optional.empty(), true);
            // As an operator does whose subscriber left just before the head came.
            Disposable unused = transport.send(request).subscribe(dropped -> {});
            try (Socket socket = server.accept()) {
                socket.setSoTimeout(5_000);

                socket.getOutputStream()
                        .write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n".getBytes(US_ASCII));

                byte[] asked = socket.getInputStream().readAllBytes();
                assertThat(new String(asked, US_ASCII)).startsWith("GET / HTTP/1.1");
            }
        }
    }
}
