package io.mlflowgateway.server.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.testing.RawUpstream;
import io.mlflowgateway.server.testing.Surface;
import io.mlflowgateway.server.testing.TestGateway;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Upstreams to which no connection can be made, on every surface. */
class UnreachableUpstreamIT {
    private static final List<Surface> SURFACES = Surface.all().toList();
    private static final Map<String, String> HASTY = Map.of("connect-timeout", "2s", "tls-handshake-timeout", "500ms");
    private static final Duration BOUND = Duration.ofSeconds(10);

    @Test
    @Proves(Row.NO_CONNECTION)
    void no_connection_where_nobody_listens_is_502() throws IOException {
        int port;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = taken.getLocalPort();
        }

        String seen = everySurfaceIsTold("http://127.0.0.1:" + port + "/v1", 502, "refused the connection");

        Figures.seen(Row.NO_CONNECTION, "no_connection_where_nobody_listens_is_502", seen);
    }

    @Test
    @Proves(Row.NO_CONNECTION)
    void no_connection_to_a_name_nobody_knows_is_502() {
        String seen = everySurfaceIsTold("http://no-such-host.invalid/v1", 502, "could not be resolved");

        Figures.seen(Row.NO_CONNECTION, "no_connection_to_a_name_nobody_knows_is_502", seen);
    }

    @Test
    @Proves(Row.NO_CONNECTION)
    void no_connection_where_tls_fails_is_502() {
        try (RawUpstream plain = new RawUpstream(talk -> talk.send("HTTP/1.1 400 Bad Request\r\n\r\n"))) {
            String seen = everySurfaceIsTold("https://127.0.0.1:" + plain.port() + "/v1", 502, "no TLS connection");

            Figures.seen(Row.NO_CONNECTION, "no_connection_where_tls_fails_is_502", seen);
        }
    }

    @Test
    @Proves(Row.NO_CONNECTION)
    void no_connection_where_tls_is_never_answered_is_504_at_its_time() {
        try (RawUpstream silent = new RawUpstream(RawUpstream.Talk::awaitClose)) {
            String seen = everySurfaceIsTold("https://127.0.0.1:" + silent.port() + "/v1", 504, "TLS handshake");

            Figures.seen(Row.NO_CONNECTION, "no_connection_where_tls_is_never_answered_is_504_at_its_time", seen);
        }
    }

    private static String everySurfaceIsTold(String base, int status, String words) {
        long began = System.nanoTime();
        try (TestGateway gateway = TestGateway.with(Surface.config(base, "k", ""), HASTY)) {
            List<CompletableFuture<HttpResponse<String>>> answers = SURFACES.stream()
                    .map(surface -> gateway.postAsync(surface.path(), surface.json()))
                    .toList();

            for (int i = 0; i < answers.size(); i++) {
                HttpResponse<String> answer = answers.get(i).join();
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
                assertThat(answer.body()).contains(words);
                assertThat(SURFACES.get(i).isFailure(answer.body())).isTrue();
            }
        }
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        assertThat(took).isLessThan(BOUND);
        return SURFACES.size() + " surfaces at once: " + status + ", all within " + took.toMillis() + " ms";
    }
}
