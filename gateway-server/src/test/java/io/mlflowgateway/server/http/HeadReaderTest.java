package io.mlflowgateway.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.config.Limits;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Failure.Kind;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HeadReaderTest {
    private final HeadReader reader = new HeadReader(
            () -> "id",
            Duration.ofSeconds(1),
            new Limits(1, 1, 1, 1, 1, 0),
            Hosts.boundTo(InetAddress.getLoopbackAddress(), Set.of("gateway.example")));

    @Test
    void a_host_that_was_let_in_lets_no_other_one_in() {
        assertThat(problem("/", "gateway.example:80")).isEmpty();
        assertThat(problem("/", "gateway.example:80")).isEmpty();

        assertThat(problem("/", "other.example:80")).contains(Kind.MISDIRECTED);
        assertThat(problem("/", "gateway.example:80 ")).contains(Kind.INVALID_REQUEST);
        assertThat(problem("http://other.example/", "gateway.example:80")).contains(Kind.INVALID_REQUEST);
    }

    @Test
    void a_host_that_was_refused_is_refused_again() {
        assertThat(problem("/", "other.example")).contains(Kind.MISDIRECTED);
        assertThat(problem("/", "other.example")).contains(Kind.MISDIRECTED);
        assertThat(problem("/", "")).contains(Kind.INVALID_REQUEST);
    }

    private Optional<Kind> problem(String target, String host) {
        HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, target);
        request.headers().set("host", host);
        return reader.problem(reader.read(request), request).map(Failure::kind);
    }
}
