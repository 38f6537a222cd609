package io.mlflowgateway.server.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.provider.Sender;
import io.mlflowgateway.server.provider.UpstreamResponse;
import io.mlflowgateway.server.testing.Await;
import io.mlflowgateway.server.testing.SelfSigned;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.netty.http.Http11SslContextSpec;

/** Servers that say the end of TLS on an idle connection, and leave the connection below it open. */
class EndOfTlsIT extends UpstreamFixture {
    private static final String ANSWER =
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n" + "content-length: 2\r\n\r\n{}";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void a_connection_whose_tls_has_ended_is_not_used_again(String version) throws IOException {
        SelfSigned certificate = SelfSigned.in(folder);
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                Connections connections = new Connections(server, certificate.serving(), version)) {
            Sender sender = trusting(certificate);
            String url = "https://localhost:" + server.getLocalPort() + "/v1";
            for (int call = 0; call < 4; call++) {
                UpstreamResponse.Whole answer = (UpstreamResponse.Whole) Await.value(sender.send(whole(url), soon()));

                assertThat(new String(answer.body(), StandardCharsets.UTF_8)).isEqualTo("{}");
            }

            assertThat(connections.accepted).hasSize(4);
        }
    }

    private Sender trusting(SelfSigned certificate) {
        Http11SslContextSpec tls = Http11SslContextSpec.forClient()
                .configure(builder ->
                        builder.trustManager(certificate.certificate().toFile()));
        return sender(new Transport(loops, Transport.names(loops), tls::sslContext), settings(LONG, LONG, 10));
    }

    /** Answers once on each, then ends TLS on it; closed with this. */
    private static final class Connections implements AutoCloseable {
        final Queue<Socket> accepted = new ConcurrentLinkedQueue<>();
        private final SSLContext tls;
        private final String version;

        Connections(ServerSocket server, SSLContext tls, String version) {
            this.tls = tls;
            this.version = version;
            Thread thread = new Thread(() -> accept(server), "tls-server");
            thread.setDaemon(true);
            thread.start();
        }

        private void accept(ServerSocket server) {
            while (!server.isClosed()) {
                try {
                    Socket socket = server.accept();
                    accepted.add(socket);
                    answer(socket);
                } catch (IOException e) {
                    // The test is over, or the client has left; the next one is waited for.
                }
            }
        }

        /** TLS that does not close what is below it. */
        private void answer(Socket below) throws IOException {
            SSLSocket socket =
                    (SSLSocket) tls.getSocketFactory().createSocket(below, "localhost", below.getPort(), false);
            socket.setUseClientMode(false);
            socket.setEnabledProtocols(new String[] {version});
            readRequest(socket.getInputStream());
            socket.getOutputStream().write(ANSWER.getBytes(StandardCharsets.US_ASCII));
            socket.close();
        }

        private static void readRequest(InputStream in) throws IOException {
            int last = in.read();
            while (last >= 0 && last != '}') {
                last = in.read();
            }
        }

        @Override
        public void close() throws IOException {
            for (Socket socket : accepted) {
                socket.close();
            }
        }
    }
}
