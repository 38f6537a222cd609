package io.mlflowgateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.testing.Eventually;
import io.mlflowgateway.server.testing.RawConnection;
import io.mlflowgateway.server.testing.RawConnection.RawAnswer;
import io.mlflowgateway.server.testing.ScriptedUpstream;
import io.mlflowgateway.server.testing.Surface;
import io.mlflowgateway.server.testing.TestGateway;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every surface, streaming or not, under what the edge demands of any request. {@link SurfaceMatrixIT} holds the policies
 * of calls, the tests of {@code reliability} those that keep the hostile out.
 */
class SurfaceEdgeIT {
    private static final int BODY_LIMIT = 4 * 1024;
    private static final Duration TOTAL = Duration.ofSeconds(1);

    private static ScriptedUpstream upstream;
    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        upstream = new ScriptedUpstream(ScriptedUpstream.Exchange::awaitGone);
        gateway = TestGateway.with(
                Surface.config(upstream.base(), "sk-canary", ""),
                Map.of("request-body-limit", String.valueOf(BODY_LIMIT), "total-timeout", TOTAL.toMillis() + "ms"));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        upstream.close();
    }

    static Stream<Surface> surfaces() {
        return Surface.all();
    }

    @ParameterizedTest
    @MethodSource("surfaces")
    void a_body_announced_past_the_limit_is_refused_unread(Surface surface) {
        RawAnswer answer = refused(head(surface) + "Content-Length: " + (BODY_LIMIT + 1) + "\r\n\r\n");

        assertRefused(surface, answer, 413);
    }

    @ParameterizedTest
    @MethodSource("surfaces")
    void a_chunked_body_is_counted_and_refused_past_the_limit(Surface surface) {
        String chunk = "400\r\n" + " ".repeat(1024) + "\r\n";

        RawAnswer answer = refused(head(surface) + "Transfer-Encoding: chunked\r\n\r\n" + chunk.repeat(5));

        assertRefused(surface, answer, 413);
    }

    @ParameterizedTest
    @MethodSource("surfaces")
    void a_compressed_body_is_refused(Surface surface) {
        RawAnswer answer = refused(head(surface) + "Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}");

        assertRefused(surface, answer, 415);
    }

    @ParameterizedTest
    @MethodSource("surfaces")
    void a_host_that_is_not_this_machine_is_refused(Surface surface) {
        String json = surface.json();

        RawAnswer answer = refused(head(surface).replace("localhost", "evil.example") + "Content-Length: "
                + json.length() + "\r\n\r\n" + json);

        assertRefused(surface, answer, 421);
    }

    @ParameterizedTest
    @MethodSource("surfaces")
    void a_call_ends_at_its_deadline_and_lets_its_upstream_go(Surface surface) {
        long before = System.nanoTime();

        HttpResponse<String> answer = gateway.post(surface.path(), surface.json());

        Duration took = Duration.ofNanos(System.nanoTime() - before);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(504);
        assertThat(surface.isFailure(answer.body())).as(answer.body()).isTrue();
        assertThat(took).isBetween(TOTAL.minusMillis(100), TOTAL.plusSeconds(10));
        Eventually.within(Duration.ofSeconds(5), "the upstream is let go", () -> upstream.openConnections() == 0);
    }

    private static String head(Surface surface) {
        return "POST " + surface.path() + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
    }

    private static RawAnswer refused(String request) {
        try (RawConnection caller = new RawConnection(gateway.port())) {
            return caller.send(request).answer();
        }
    }

    private static void assertRefused(Surface surface, RawAnswer answer, int status) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.header("content-type")).isEqualTo("application/json");
        assertThat(answer.header("x-gateway-error-source")).isEqualTo("gateway");
        assertThat(surface.isFailure(answer.body())).as(answer.body()).isTrue();
        assertThat(upstream.openConnections()).isZero();
    }
}
